/**
 * The signature of a call of a compiled function: the structure of its arguments, and their shapes and
 * types.
 *
 * @module
 */
import { sameShape } from "../shape.ts";
import { showSpec, type Spec } from "../spec.ts";
import type { Params, Tensor } from "../tensor.ts";
import { entries, flatten } from "../tree.ts";

/** The flattened arguments of a call. */
export interface Arguments {
  /** All their tensors. */
  readonly inputs: readonly Tensor[];
  /** For each argument, the end of its tensors in `inputs`. */
  readonly ends: readonly number[];
  /** The structure of the arguments, as text. */
  readonly nesting: string;
}

/** The signature of a call. */
export interface CallSignature {
  readonly nesting: string;
  readonly specs: readonly Spec[];
  /** The signature as text. */
  readonly text: string;
  /** The names of the arguments' tensors, for errors. */
  readonly names: readonly string[];
}

/**
 * Flattens arguments; `place` and their index name an argument in errors. Throws TypeError on one that is
 * not a tree of tensors.
 */
export function flattenArguments(args: readonly Params[], place: string): Arguments {
  const inputs: Tensor[] = [], ends: number[] = [];
  const nesting = args.map((arg, i) => {
    const text = flatten<Tensor>(arg, inputs, `${place}${i}`);
    ends.push(inputs.length);
    return text;
  }).join();
  return { inputs, ends, nesting };
}

const isLike = (x: Spec, spec: Spec) =>
  x.dtype === spec.dtype && (x.shape === spec.shape || sameShape(x.shape, spec.shape));

const matches = ({ nesting, specs }: CallSignature, { inputs, ...found }: Arguments): boolean =>
  nesting === found.nesting && inputs.every((x, i) => isLike(x, specs[i]!));

/** The signatures of one function's calls. The last one is cached, since most calls repeat it. */
export class CallSignatures {
  readonly #prefix: string;
  readonly #place: string;
  #last: CallSignature | undefined;

  /**
   * @param prefix Distinguishes the function's signatures from those of others.
   * @param place The name of an argument in errors, before its index.
   */
  constructor(prefix: string, place: string) {
    this.#prefix = prefix;
    this.#place = place;
  }

  /** The signature of a call. */
  of(args: readonly Params[], parts: Arguments): CallSignature {
    if (this.#last && matches(this.#last, parts)) return this.#last;
    const { inputs, nesting } = parts;
    this.#last = {
      nesting,
      specs: inputs.map(({ shape, dtype }) => ({ shape, dtype })),
      text: `${this.#prefix}${nesting}${inputs.map(showSpec).join()}`,
      names: args.flatMap((arg, i) =>
        entries<Tensor>(arg, `${this.#place}${i}`).map(([path, x]) => `${path} (${showSpec(x)})`)
      ),
    };
    return this.#last;
  }
}
