/**
 * The interface of a runtime.
 *
 * @module
 */
import type { RunObserver, Tuned } from "../device/device.ts";
import type { Peak, Profile } from "../device/profile.ts";
import type { Data } from "../host_data.ts";
import type { Params, Tensor } from "../tensor.ts";
import type { MapTree } from "../tree.ts";

/** Options of {@linkcode Runtime.jit}. */
export interface JitOptions {
  /** Arguments, by index, whose memory the call may take over; reading them later throws. */
  readonly donate?: readonly number[];
  /**
   * Host code that is called while the function runs, on a device whose memory the host shares, as with
   * `cpu`; elsewhere never. The function must return an array of trees, its parts, of one element type. Their
   * tensors lie one after another in memory, each from a multiple of 16 elements on, so that
   * {@linkcode Runtime.edit} lends all of them, or a part, as one array without a copy.
   */
  readonly observe?: RunObserver;
}

/** Host code that changes elements in place. */
export type Change = (elements: Data) => void | Promise<void>;

/** The memory and plans of a runtime. */
export interface Memory {
  /** Buffers on the device, in use or pooled. */
  readonly buffers: number;
  /** Their bytes. */
  readonly bytes: number;
  /** The bytes that are not in use now, which further buffers take first. */
  readonly free: number;
  /** Compiled plans. */
  readonly plans: number;
}

/** The bytes on the device that compiled code needs beside its arguments and results. */
export interface WorkingMemory {
  /** Of each buffer for temporary values, which other functions may use in turn. */
  readonly temporaries: readonly number[];
  /** Of constants, which are kept between calls. */
  readonly kept: number;
  /** Of what is kept and shared with other functions, such as code, by its name; the largest use of one counts. */
  readonly shared: Readonly<Record<string, number>>;
}

/** The bytes on the device that a call of a compiled function needs. */
export interface RequiredMemory extends WorkingMemory {
  /** Of each tensor of its arguments, in order, and of those that it captures. */
  readonly arguments: readonly number[];
  /** Of each tensor that it computes; one that it passes on has the memory of the argument. */
  readonly results: readonly number[];
  /** What computes the lazy ones among its arguments first; absent if there are none. */
  readonly before?: WorkingMemory;
  /** Whether buffers for temporary values, and for arguments in host memory, are kept between calls. */
  readonly keepsBuffers: boolean;
  /** Of the buffers with which a few of its results are read. */
  readonly reading: number;
}

/** A runtime on an open device, which runs what lazy tensors describe. */
export interface Runtime extends AsyncDisposable {
  /** The device's name: `webgpu`, `cpu` or `reference`. */
  readonly device: string;
  /** A description of the device: adapter and driver. */
  readonly description: string;
  /**
   * Why it is this device: `asked for`, or what `auto` found, such as `Node.js has no WebGPU` or
   * `found a GPU, "NVIDIA H200"`.
   */
  readonly reason: string;
  /** The bytes of data sets that fit in the device's own memory; 0 if it uses the host's. */
  readonly roomForData: number;
  /**
   * A function that traces `f` once for each signature of its arguments (structure, shapes, types),
   * compiles the graph and runs it. Tensors that `f` captures are constants.
   *
   * The memory of unreachable results is released automatically: garbage is collected once memory has grown
   * by 64 MiB or doubled, and at the latest at twice that growth. `donate` avoids even that growth, as
   * {@linkcode Runtime.fold} does.
   */
  jit<A extends readonly Params[], R extends Params>(
    f: (...args: A) => R,
    options?: JitOptions,
  ): (...args: A) => R;
  /**
   * Runs `step` over `xs`: it yields the carry and the output of each step. A yielded carry is donated to
   * the next step, and an output is released when the next pair is requested, so read them in the loop's
   * body. The initial carry is not donated.
   */
  fold<C extends Params, X extends Params, Y extends Params>(
    step: (carry: C, x: X) => readonly [C, Y],
    carry: C,
    xs: Iterable<X> | AsyncIterable<X>,
  ): AsyncGenerator<readonly [C, Y], void, void>;
  /** Reads the elements of every tensor in a tree in one transfer; lazy ones are computed first. */
  read<const T extends Params>(tree: T): Promise<MapTree<T, Tensor, Data>>;
  /**
   * A tensor, or a tree of them, whose elements host code has changed: `change` gets the elements, in the
   * device's own memory if the host shares it, as with `cpu`, else in a copy. The memory is taken over;
   * reading the tensors later throws. Several functions, by name, are called in order, and a profile lists
   * the time of each; that of a single one as `edit`.
   *
   * The tensors of a tree have one element type, and begin at multiples of 16 elements; what is between them
   * has no meaning. On `cpu` they are copied too unless they are all that a function has returned which was
   * compiled with `observe`, or one part of it.
   *
   * @throws TypeError for a tree without tensors, or of several element types.
   *
   * @example
   * ```ts
   * import { open, ops, tensor } from "@goodinit/goodinit";
   *
   * await using run = await open({ device: "cpu" });
   * const doubled = await run.edit(ops.add(tensor([1, 2]), 1), (elements) => void (elements[0] = 7));
   * console.assert((await run.read(doubled)).join() === "7,3");
   * ```
   */
  edit<const T extends Params>(
    tree: T,
    change: Change | Readonly<Record<string, Change>>,
  ): Promise<T>;
  /**
   * The same tree with every tensor in host memory, so that a REPL, a notebook and `console.log` show its
   * elements in shape; lazy ones are computed first.
   *
   * @example
   * ```ts
   * import { open, ops, tensor } from "@goodinit/goodinit";
   *
   * await using run = await open({ device: "reference" });
   * const y = ops.mul(tensor([[1, 2], [3, 4]]), 10);
   * console.log(await run.show(y)); // f32[2, 2], and below it two rows.
   * console.assert(`${await run.show(y)}` === "f32[2, 2]\n[[10. 20.]\n [30. 40.]]");
   * ```
   */
  show<const T extends Params>(tree: T): Promise<T>;
  /** The buffers, bytes and plans that exist now. */
  memory(): Memory;
  /**
   * The bytes that a call of `f` needs for these arguments, whose elements are not looked at: placeholders will do.
   * `f` is compiled, but nothing is allocated. Where `f` is called by {@linkcode Runtime.fold} or
   * {@linkcode Runtime.jit} later, it is not compiled again.
   *
   * @example
   * ```ts
   * import { open, ops, placeholder, type Tensor } from "@goodinit/goodinit";
   *
   * await using run = await open({ device: "cpu" });
   * const product = (x: Tensor, y: Tensor) => ops.sum(ops.matmul(x, y));
   * const x = placeholder({ shape: [1024, 1024], dtype: "f32" });
   * const { arguments: given, temporaries } = run.requiredMemory(product, x, x);
   * console.assert(given.join() === "4194304,4194304" && temporaries.some((bytes) => bytes >= 2 ** 22));
   * ```
   */
  requiredMemory<A extends readonly Params[], R extends Params>(
    f: (...args: A) => R,
    ...args: A
  ): RequiredMemory;
  /**
   * The bytes of further buffers that fit: by the limit that the runtime was opened with, else by what the device,
   * or for one in host memory the system, has free; undefined where nothing is known.
   */
  availableMemory(): number | undefined;
  /** The kernels that `f` is compiled to for these arguments, one per line, with sizes and costs. */
  explain<A extends readonly Params[], R extends Params>(f: (...args: A) => R, ...args: A): string;
  /**
   * Measures the tile sizes for the matrix products and convolutions of `f` for these arguments, and uses
   * the fastest from now on. Only with `webgpu` on a GPU; elsewhere the returned list is empty. Sizes that
   * were tuned before are skipped. Results do not change, since every tile sums in the same order.
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
   * The profile since the last call, or since opening: the time of each kernel, and outside kernels.
   * Rejects with an Error unless the runtime was opened with `profile: true`.
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
   * The peak performance of the device, measured in about a second, to compare a profile's rates with.
   * Rejects as {@linkcode Runtime.profile} does.
   */
  peak(): Promise<Peak>;
}
