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
import { TreeForm } from "../tree_form.ts";

/** The signature of a call. */
export interface CallSignature {
  /** The structure of the list of arguments. */
  readonly form: TreeForm;
  readonly specs: readonly Spec[];
  /** The signature as text. */
  readonly text: string;
  /** The names of the tensors of each argument, for errors. */
  readonly names: readonly (readonly string[])[];
}

/** The arguments of a call. */
export interface Call {
  readonly signature: CallSignature;
  /** All their tensors. */
  readonly inputs: readonly Tensor[];
}

const isLike = (x: Spec, spec: Spec) =>
  x.dtype === spec.dtype && (x.shape === spec.shape || sameShape(x.shape, spec.shape));

function areLike(inputs: readonly Tensor[], specs: readonly Spec[]): boolean {
  for (let i = 0; i < inputs.length; i++) if (!isLike(inputs[i]!, specs[i]!)) return false;
  return true;
}

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

  /** The signature of a call. Throws TypeError on an argument that is not a tree of tensors. */
  of(args: readonly Params[]): Call {
    const last = this.#last;
    if (last) {
      const inputs: Tensor[] = [];
      if (last.form.collect(args, inputs) && areLike(inputs, last.specs)) {
        return { signature: last, inputs };
      }
    }
    return this.#make(args);
  }

  #make(args: readonly Params[]): Call {
    const inputs: Tensor[] = [], place = this.#place;
    const nesting = args.map((arg, i) => flatten<Tensor>(arg, inputs, `${place}${i}`)).join();
    const signature = {
      form: new TreeForm(args),
      specs: inputs.map(({ shape, dtype }) => ({ shape, dtype })),
      text: `${this.#prefix}${nesting}${inputs.map(showSpec).join()}`,
      names: args.map((arg, i) =>
        entries<Tensor>(arg, `${place}${i}`).map(([path, x]) => `${path} (${showSpec(x)})`)
      ),
    };
    this.#last = signature;
    return { signature, inputs };
  }
}
