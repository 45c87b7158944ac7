/**
 * Tracing: calls a function with placeholders to get its graph.
 *
 * @module
 */
import { topological } from "../graph.ts";
import { showSpec } from "../spec.ts";
import { isPlaceholder, type Params, placeholder, type Tensor } from "../tensor.ts";
import { leaves, unflatten } from "../tree.ts";

/** A function's graph for arguments of some shapes. */
export interface Trace {
  /** The placeholders of the arguments' tensors. */
  readonly inputs: readonly Tensor[];
  /** The tensors of the result… */
  readonly outputs: readonly Tensor[];
  /** …and the result, in which they nest. */
  readonly result: Params;
  /** Tensors on the device that the function captured. */
  readonly captured: readonly Tensor[];
}

/** A tree of the same structure with other leaves. */
export const rebuild = (like: Params, values: readonly unknown[]): Params =>
  unflatten<unknown, Tensor, unknown>(like, values) as Params;

/** Traces functions for one device. */
export class Tracer {
  readonly #isStored: (x: Tensor) => boolean;
  #depth = 0;

  /** @param isStored Whether a tensor is stored on the device. */
  constructor(isStored: (x: Tensor) => boolean) {
    this.#isStored = isStored;
  }

  /** Whether a function is being traced now. */
  get isTracing(): boolean {
    return this.#depth > 0;
  }

  /**
   * Traces a function.
   *
   * @param inputs The tensors of `args`, in order.
   * @throws Error if the result depends on a placeholder that is not the function's.
   */
  trace<A extends readonly Params[], R extends Params>(
    f: (...args: A) => R,
    args: A,
    inputs: readonly Tensor[],
  ): Trace {
    const placeholders = inputs.map((x) => placeholder(x));
    const result = this.#call(f, rebuild(args, placeholders) as unknown as A);
    const outputs = leaves<Tensor>(result);
    const captured = this.#captured(outputs, new Set(placeholders), f.name || "function");
    return { inputs: placeholders, outputs, result, captured };
  }

  #call<A extends readonly Params[], R>(f: (...args: A) => R, args: A): R {
    this.#depth++;
    try {
      return f(...args);
    } finally {
      this.#depth--;
    }
  }

  /** The tensors on the device from which outputs are computed. Throws on another function's placeholders. */
  #captured(outputs: readonly Tensor[], own: ReadonlySet<Tensor>, name: string): Tensor[] {
    const captured: Tensor[] = [];
    for (const x of topological(outputs, this.#isStored)) {
      if (this.#isStored(x)) captured.push(x);
      else if (isPlaceholder(x) && !own.has(x)) {
        throw new Error(
          `jit: ${name} depends on a placeholder, ${showSpec(x)}, that is not its argument: ` +
            "a tensor made while another function was traced has leaked into it",
        );
      }
    }
    return captured;
  }
}
