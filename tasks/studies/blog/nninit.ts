/**
 * Orthogonal weights as Torch's package nninit made them in May 2016, by the readings of how Torch laid the
 * singular vectors out in memory.
 *
 * `torch.svd(random, "S")` of a Gaussian matrix of fan-out rows gave the thin decomposition. nninit took U
 * where there are more rows than columns, else the first fan-out rows of V, and resized that to the shape of
 * the weights, which keeps the memory and not the rows (https://github.com/Kaixhin/nninit; later versions ask
 * for the whole decomposition, "A").
 *
 * Torch of that time returned V as a square of which only the first fan-out columns were written to
 * (`THTensor_(gesvd2)`): behind them is what the memory held. A notebook of the report's author
 * (https://github.com/yobibyte/torch-lsuv, `lsuv.ipynb`) shows such a matrix, with numbers up to 1e231.
 *
 * @module
 */
import { init, type Key, normal, ops, split, type Tensor } from "../../../mod.ts";

/**
 * How the memory is read. `resized`: all elements of the thin V, or U, in their order, cut into rows of
 * another length. `narrow`: the first rows of V, and zeros where the thin decomposition has no column, as
 * memory has them that is new to the process. `used`: Gaussian numbers there instead, as a matrix leaves
 * them that was drawn for an earlier decomposition.
 */
export type Reading = "resized" | "narrow" | "used";

/** The matrix [fan-out, fan-in] that nninit made, without its gain. */
export function nninitMatrix(key: Key, rows: number, columns: number, reading: Reading): Tensor {
  const spec = { count: 1, shape: [columns, rows], fanIn: columns, fanOut: rows };
  const v = ops.reshape(init.orthonormal()(key, spec), [columns, rows]);
  if (rows > columns) {
    const u = ops.transpose(v);
    return reading === "resized" ? ops.reshape(v, [rows, columns]) : u;
  }
  if (reading === "resized") return ops.reshape(v, [rows, columns]);
  const written = ops.slice(v, [0, 0], [rows, rows]), behind = columns - rows;
  if (reading === "narrow" || behind === 0) return ops.pad(written, [[0, 0], [0, behind]]);
  return ops.concat([written, normal(split(key, 2)[1]!, [rows, behind])], 1);
}

/** The initializer of layers without groups and maxout pieces; the reading may depend on the layer. */
export const nninit = (
  reading: Reading | ((fanIn: number, fanOut: number) => Reading),
  gain: number,
): init.Initializer =>
(key, { count, shape }) => {
  if (count !== 1) throw new RangeError(`nninit: expected layers of one piece, found ${count}`);
  const rows = shape.at(-1)!, columns = shape.slice(0, -1).reduce((n, d) => n * d, 1);
  const read = typeof reading === "string" ? reading : reading(columns, rows);
  const matrix = ops.mul(nninitMatrix(key, rows, columns, read), gain);
  if (shape.length === 2) return ops.reshape(ops.transpose(matrix), [1, ...shape]);
  // Torch's order is outputs, inputs, height, width.
  const [height, width, inputs] = shape as readonly [number, number, number, number];
  const filters = ops.reshape(matrix, [rows, inputs, height, width]);
  return ops.reshape(ops.transpose(filters, [2, 3, 1, 0]), [1, ...shape]);
};
