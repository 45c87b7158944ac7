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

/** Rows around the heights of tiles and their multiples. */
const ROWS = [
  1,
  2,
  3,
  5,
  7,
  9,
  15,
  17,
  31,
  33,
  47,
  49,
  61,
  63,
  65,
  66,
  67,
  68,
  69,
  95,
  97,
  127,
  129,
  131,
];

forEachAdapter("matmul() loses no row, whatever remains of a tile", async (run) => {
  const of = (m: number, k: number, n: number) =>
    sample(`[${m}, ${k}] × [${k}, ${n}]`, [[m, k], [k, n]], (a, b) => [matmul(a, b)]);
  await assertAgrees(run, ROWS.flatMap((m) => [of(m, 5, 37), of(m, 36, 3)]));
});
