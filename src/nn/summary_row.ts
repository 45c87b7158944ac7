/**
 * What a summary of a net holds.
 *
 * @module
 */
import type { Spec } from "../spec.ts";

/** A call of a layer. A layer with layers inside has their sums. */
export interface SummaryRow {
  /** Path and kind, as in reports: `[2][0] conv`. */
  readonly name: string;
  /** How many layers it is inside of. */
  readonly depth: number;
  /** Shape and type of its output. */
  readonly output: Spec;
  /** The number of its parameters that no call before has used. */
  readonly parameters: number;
  /** Floating-point operations of a forward pass, by the definition of each op. */
  readonly flops: number;
  /** Bytes of its output; 0 where that is its input in another shape. */
  readonly bytes: number;
  /** The names of the layers whose outputs it takes, `input` for the net's. */
  readonly from: readonly string[];
}

/** A summary of a net for inputs of a spec, with a text form. */
export interface Summary {
  /** The input. */
  readonly input: Spec;
  /** Each call of a layer, in execution order; a layer stands before those inside it. */
  readonly rows: readonly SummaryRow[];
  /** The number of parameters. */
  readonly parameters: number;
  /** Floating-point operations of a forward pass, by the definition of each op. */
  readonly flops: number;
  /** Bytes of the outputs of all layers: training keeps about as many, and as many again for gradients. */
  readonly bytes: number;
  /** The summary as a table. */
  toString(): string;
}
