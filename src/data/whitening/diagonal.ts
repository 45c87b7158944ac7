/**
 * Multiples of the identity matrix.
 *
 * @module
 */
import { equal, iota, reshape, where } from "../../ops/mod.ts";
import type { Tensor } from "../../tensor.ts";

/** The identity matrix times a scalar, f32[n, n]. */
export const diagonal = (n: number, value: Tensor): Tensor =>
  where(equal(reshape(iota(n), [n, 1]), reshape(iota(n), [1, n])), value, 0);
