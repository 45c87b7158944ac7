/**
 * What a runtime offers.
 *
 * @module
 */
import type { Tuned } from "../device/device.ts";
import type { Peak, Profile } from "../device/profile.ts";
import type { Data } from "../host_data.ts";
import type { Params, Tensor } from "../tensor.ts";
import type { MapTree } from "../tree.ts";

/** Options of {@linkcode Runtime.jit}. */
export interface JitOptions {
  /** Arguments, by position, whose memory the call may take over; reading them later throws. */
  readonly donate?: readonly number[];
}

/** What a runtime has allocated. */
export interface Memory {
  /** Buffers on the device, in use or pooled. */
  readonly buffers: number;
  /** Their bytes. */
  readonly bytes: number;
  /** Compiled plans. */
  readonly plans: number;
}

/** A device, opened: describing a computation is free, this is what runs it. */
export interface Runtime extends AsyncDisposable {
  /** The device's name: `webgpu`, `cpu` or `reference`. */
  readonly device: string;
  /** What the device is: adapter and driver. */
  readonly description: string;
  /** Bytes of a data set that the device's own memory has room for; 0 where that is the host's. */
  readonly roomForData: number;
  /**
   * A function that traces `f` once for each signature of its arguments (how they nest, shapes, types),
   * compiles the graph and runs it. Tensors that `f` closes over are constants.
   *
   * Results that are no longer referred to give their memory back by themselves: once what is held has
   * grown by 64 MiB, or by as much as lives, garbage is collected, and at the latest at twice that. `donate`
   * spares even those bytes, as {@linkcode Runtime.fold} does.
   */
  jit<A extends readonly Params[], R extends Params>(
    f: (...args: A) => R,
    options?: JitOptions,
  ): (...args: A) => R;
  /**
   * Runs `step` over `xs`: each pair yielded is the carry and the output of a step. A yielded carry
   * belongs to the loop and is donated to the next step; an output lives until the next is asked for.
   * Read them in the loop's body. The initial carry stays the caller's.
   */
  fold<C extends Params, X extends Params, Y extends Params>(
    step: (carry: C, x: X) => readonly [C, Y],
    carry: C,
    xs: Iterable<X> | AsyncIterable<X>,
  ): AsyncGenerator<readonly [C, Y], void, void>;
  /** The elements of every tensor in a tree, in one read-back; lazy ones are computed. */
  read<const T extends Params>(tree: T): Promise<MapTree<T, Tensor, Data>>;
  /** Buffers, bytes and plans alive now. */
  memory(): Memory;
  /** The kernels that `f` becomes for these arguments, one a line, with sizes and costs. */
  explain<A extends readonly Params[], R extends Params>(f: (...args: A) => R, ...args: A): string;
  /**
   * Finds the fastest tiles for the matrix products and convolutions that `f` comes to for these arguments,
   * by trying them, and takes those from now on. With `webgpu` on a GPU; elsewhere there is nothing to
   * choose, and the list of what was found is empty. Sizes that were tuned before are left out. It changes
   * no results: every tile adds in the same order.
   *
   * @example
   * ```ts
   * import { normal, key, open, ops, type Tensor } from "@goodinit/goodinit";
   *
   * await using run = await open({ device: "cpu" }); // Or "webgpu".
   * const square = (x: Tensor) => ops.matmul(x, x), x = normal(key(0), [256, 256]);
   * for (const { product, trials } of await run.tune(square, x)) console.log(product, trials[0]);
   * await run.read(run.jit(square)(x));
   * ```
   */
  tune<A extends readonly Params[], R extends Params>(
    f: (...args: A) => R,
    ...args: A
  ): Promise<readonly Tuned[]>;
  /**
   * Where time has gone since the last call of this, or since opening: each kernel's, and that outside
   * them. Rejects with an Error unless the runtime was opened with `profile: true`.
   *
   * @example
   * ```ts
   * import { open, ops, tensor } from "@goodinit/goodinit";
   *
   * await using run = await open({ device: "cpu", profile: true });
   * await run.read(ops.matmul(tensor([[1, 2]]), tensor([[3], [4]])));
   * const { kernels, ms, outside } = await run.profile();
   * console.assert(kernels[0]!.kernel === "matmul" && kernels[0]!.calls === 1);
   * console.log(`${ms} ms, of which ${100 * outside} % outside kernels`);
   * ```
   */
  profile(): Promise<Profile>;
  /**
   * The most that the device can do, measured now, in about a second: what a profile's rates are to be
   * held against. Rejects as {@linkcode Runtime.profile} does.
   */
  peak(): Promise<Peak>;
}
