/**
 * Ops along the rows of matrices, and reductions of them.
 *
 * @module
 */
import * as g from "../../../mod.ts";
import { filled, forwardOnly, integers, type Op, partly, trained, type Work } from "../work.ts";

/** Rows and columns. */
export interface RowSize {
  readonly b: number;
  readonly c: number;
}

const rows = ({ b, c }: RowSize) => filled([b, c], 1);
const ofRows = (op: (x: g.Tensor) => g.Tensor) => (size: RowSize): Work =>
  trained((x) => op(x!), rows(size));

export const softmax = ofRows((x) => g.ops.softmax(x));
export const logSoftmax = ofRows((x) => g.ops.logSoftmax(x));
export const logSumExp = ofRows((x) => g.ops.logSumExp(x, -1));
export const sumRows = ofRows((x) => g.ops.sum(x, 1));
export const sumColumns = ofRows((x) => g.ops.sum(x, 0));
export const sumAll = ofRows((x) => g.ops.sum(x));
export const maxRows = ofRows((x) => g.ops.max(x, 1));
export const varianceRows = ofRows((x) => g.ops.variance(x, 1));
export const cumSum = ofRows((x) => g.ops.cumSum(x, 1));
export const argMax = (size: RowSize): Work => forwardOnly((x) => g.ops.argMax(x!, 1), rows(size));

export function layerNorm(size: RowSize): Work {
  const op: Op = (x, scale, b) => g.nn.layerNorm()({ scale: scale!, b: b! }, x!);
  return trained(op, rows(size), filled([size.c], 2), filled([size.c], 3));
}

/** The mean cross-entropy of logits and labels. */
export const crossEntropy = (size: RowSize): Work =>
  trained(
    (x, labels) => g.ops.mean(g.nn.softmaxCrossEntropy(x!, labels!)),
    rows(size),
    integers(size.b, 2, size.c),
  );

export const transpose = ofRows((x) => g.ops.transpose(x));

/** The second half of the columns. */
export const sliceColumns = ({ b, c }: RowSize): Work =>
  partly(trained((x) => g.ops.slice(x!, [0, c / 2], [b, c]), filled([b, c], 1)), b * c / 2);

/** Rows of a table by integers. */
export interface TableSize {
  readonly v: number;
  readonly c: number;
  readonly n: number;
}

export const embedding = ({ v, c, n }: TableSize): Work =>
  partly(
    trained((table, at) => g.ops.gather(table!, at!), filled([v, c], 1), integers(n, 2, v)),
    Math.max(0, v - n) * c,
  );

/** Rows, columns, and the indices of columns. */
export interface IndexSize extends RowSize {
  readonly n: number;
}

/** The same columns of all rows. */
export const gatherColumns = ({ n, ...size }: IndexSize): Work =>
  trained((x, at) => g.ops.gather(x!, at!, { axis: 1 }), rows(size), integers(n, 2, size.c));

/** Columns of each row by indices of its own. */
export const takeAlong = ({ n, ...size }: IndexSize): Work =>
  trained(
    (x, at) => g.ops.takeAlong(x!, g.ops.reshape(at!, [size.b, n])),
    rows(size),
    integers(size.b * n, 2, size.c),
  );

/** Sequences of heads. */
export interface HeadSize {
  readonly b: number;
  readonly t: number;
  readonly heads: number;
  readonly c: number;
}

/** [batch, time, heads, size] to [batch, heads, time, size], as attention splits its heads. */
export const splitHeads = ({ b, t, heads, c }: HeadSize): Work =>
  trained((x) => g.ops.transpose(x!, [0, 2, 1, 3]), filled([b, t, heads, c], 1));
