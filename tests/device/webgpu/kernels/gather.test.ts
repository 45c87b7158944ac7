/**
 * gather and scatterAdd of many rows, on every kind of adapter.
 */
import * as ops from "../../../../src/ops/mod.ts";
import { tensor } from "../../../../src/tensor.ts";
import { filled } from "../../../devices.ts";
import { assertAgrees, sample } from "../../../ops/oracle.ts";
import { forEachAdapter } from "../adapters.ts";

/** [rows, columns, indices], above the comparisons up to which elements look for their rows themselves. */
const SIZES: readonly (readonly [number, number, number])[] = [
  [50, 12, 700],
  [513, 7, 300],
  [3, 64, 2000],
  [700, 16, 4096],
  [4, 4, 40000],
  [1000, 1, 600],
];

const samples = SIZES.map(([n, m, count]) => {
  const at = Int32Array.from({ length: count }, (_, i) => (i * 7919) % (n + 3) - 1);
  const inputs = [tensor(at, [count]), filled([count, m], 1), filled([n, m], 2)];
  return sample(
    [n, m, count].join(" × "),
    inputs,
    (at, rows, x) => [
      ops.scatterAdd(n, at!, rows!),
      ops.add(ops.scatterAdd(n, at!, ops.mul(rows!, 2)), x!),
      ops.gather(x!, ops.maximum(at!, 0)),
    ],
  );
});

forEachAdapter(
  "gather() and scatterAdd() of many rows agree with float64",
  (run) => assertAgrees(run, samples),
);
