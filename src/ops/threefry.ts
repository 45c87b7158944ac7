/**
 * Threefry random bits as an op; `random.ts` builds distributions on them.
 *
 * @module
 */
import { apply, type Tensor } from "../tensor.ts";
import { SCALAR_OPS } from "./scalar.ts";

/** One word (0 or 1) of Threefry-2x32 for each element of three u32 tensors of one shape. */
export const threefry = (
  k0: Tensor,
  k1: Tensor,
  counter: Tensor,
  purpose: number,
  word: number,
): Tensor => apply(SCALAR_OPS.threefry, [k0, k1, counter], { purpose, word });
