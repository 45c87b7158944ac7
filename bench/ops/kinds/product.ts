/**
 * Matrix products.
 *
 * @module
 */
import { ops } from "../../../mod.ts";
import { bilinear, filled, type Op, type Work } from "../work.ts";

/** Rows, inputs and outputs of a dense layer. */
export interface DenseSize {
  readonly b: number;
  readonly i: number;
  readonly o: number;
}

const product: Op = (x, w) => ops.matmul(x!, w!);

/** The product of a dense layer. */
export const dense = ({ b, i, o }: DenseSize): Work =>
  bilinear(product, filled([b, i], 1), filled([i, o], 2), 2 * b * i * o);

/** A batch of products of [m, k] and [k, n]. */
export interface BatchedSize {
  readonly b: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** A batch of products, as of attention. */
export const bmm = ({ b, m, k, n }: BatchedSize): Work =>
  bilinear(product, filled([b, m, k], 1), filled([b, k, n], 2), 2 * b * m * k * n);
