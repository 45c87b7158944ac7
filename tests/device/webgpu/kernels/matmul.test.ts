/**
 * The matrix product's kernels, at sizes that leave a remainder of every tile.
 */
import { add, matmul, maximum, transpose } from "../../../../src/ops/mod.ts";
import { assertAgrees, sample } from "../../../ops/oracle.ts";
import { forEachAdapter } from "../adapters.ts";

const SIZES = [
  [1, 64, 64, 64],
  [1, 65, 130, 63],
  [2, 100, 64, 48],
  [3, 33, 257, 50],
  [1, 200, 31, 129],
  [2, 64, 200, 36],
  [1, 208, 500, 40],
  [1, 1100, 64, 36],
] as const;

const samples = SIZES.flatMap(([batch, m, k, n]) => {
  const name = `[${batch}, ${m}, ${k}] × [${batch}, ${k}, ${n}]`;
  return [
    sample(name, [[batch, m, k], [batch, k, n]], (a, b) => [matmul(a, b)]),
    sample(
      `${name} with ops behind`,
      [[batch, m, k], [batch, k, n], [n]],
      (a, b, c) => [maximum(add(matmul(a, b), c), 0)],
    ),
    sample(
      `${name} of transposed operands`,
      [[batch, k, m], [batch, n, k]],
      (a, b) => [matmul(transpose(a, [0, 2, 1]), transpose(b, [0, 2, 1]))],
    ),
  ];
});

forEachAdapter(
  "matmul() agrees with float64 in every tiled form",
  (run) => assertAgrees(run, samples),
);
