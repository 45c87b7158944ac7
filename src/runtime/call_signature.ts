/**
 * By what a call of a compiled function is known: how its arguments nest, and their shapes and types.
 *
 * @module
 */
import { sameShape } from "../shape.ts";
import { showSpec, type Spec } from "../spec.ts";
import type { Params, Tensor } from "../tensor.ts";
import { entries, flatten } from "../tree.ts";

/** The arguments of a call, taken apart. */
export interface Arguments {
  /** All their tensors. */
  readonly inputs: readonly Tensor[];
  /** For each argument, how many of `inputs` are its own or those of arguments before it. */
  readonly ends: readonly number[];
  /** How the tensors nest, as text. */
  readonly nesting: string;
}

/** What a call is known by. */
export interface CallSignature {
  readonly nesting: string;
  readonly specs: readonly Spec[];
  /** All of that, as text. */
  readonly text: string;
  /** The arguments' tensors as errors name them. */
  readonly names: readonly string[];
}

/** Takes arguments apart; `place` and their number say in errors which of them is no tree of tensors. */
export function takeApart(args: readonly Params[], place: string): Arguments {
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

/** Signatures of one function's calls: most are like the one before, whose signature is kept. */
export class CallSignatures {
  readonly #prefix: string;
  readonly #place: string;
  #last: CallSignature | undefined;

  /**
   * @param prefix What tells the function's signatures from those of others.
   * @param place What errors call an argument, before its number.
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
