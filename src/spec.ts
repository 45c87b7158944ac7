/**
 * Specs: the shape and type of a tensor, known before it is computed.
 *
 * @module
 */
import type { DType } from "./host_data.ts";
import { type Shape, showShape } from "./shape.ts";
import type { Known } from "./tuple.ts";

/** The shape and type of a tensor. */
export interface Spec {
  /** The sizes of the axes. */
  readonly shape: Shape;
  /** The type of the elements. */
  readonly dtype: DType;
}

/** A spec as text: `f32[2, 3]`. */
export const showSpec = ({ shape, dtype }: Spec): string => `${dtype}${showShape(shape)}`;

/** The spec of an op's argument. */
export interface ArgSpec extends Spec {
  /** The sizes of the axes, of which there are as many as the op expects. */
  readonly shape: Known<number>;
}

/** Types a spec, or a tensor, as an argument of an op that knows its number of axes. */
export const asArg = (x: Spec): ArgSpec => x as ArgSpec;

/** Types specs, or tensors, as the arguments of an op that knows how many it takes. */
export const asArgs = (list: readonly Spec[]): Known<ArgSpec> =>
  list as readonly Spec[] as Known<ArgSpec>;
