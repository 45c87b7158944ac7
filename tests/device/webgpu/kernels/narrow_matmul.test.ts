/**
 * Matrix products with few rows or columns, in every order of their operands, on every kind of adapter.
 */
import * as ops from "../../../../src/ops/mod.ts";
import type { Tensor } from "../../../../src/tensor.ts";
import { assertAgrees, sample } from "../../../ops/oracle.ts";
import { forEachAdapter } from "../adapters.ts";

/** [batch, m, k, n], all above the 262,144 products from which the narrow kernels take over. */
const SIZES: readonly (readonly [number, number, number, number])[] = [
  [1, 1, 1024, 512],
  [1, 16, 1024, 512],
  [1, 3, 300, 512],
  [1, 23, 260, 260],
  [2, 7, 260, 260],
  [1, 5, 263, 512],
  [3, 12, 128, 256],
  [1, 9, 8192, 64],
  [1, 1000, 300, 10],
  [1, 1001, 400, 13],
  [1, 512, 1030, 3],
];

const turned = (x: Tensor) => ops.transpose(x, [0, 2, 1]);

const ORDERS: readonly (readonly [name: string, turnA: boolean, turnB: boolean])[] = [
  ["a · b", false, false],
  ["a · bᵀ", false, true],
  ["aᵀ · b", true, false],
  ["aᵀ · bᵀ", true, true],
];

for (const [name, turnA, turnB] of ORDERS) {
  const samples = SIZES.map(([batch, m, k, n]) =>
    sample(
      [batch, m, k, n].join(" × "),
      [turnA ? [batch, k, m] : [batch, m, k], turnB ? [batch, n, k] : [batch, k, n]],
      (a, b) => {
        const product = ops.matmul(turnA ? turned(a!) : a!, turnB ? turned(b!) : b!);
        return [product, ops.maximum(ops.sub(product, 0.5), 0)];
      },
    )
  );
  forEachAdapter(
    `matmul() of narrow matrices agrees with float64, ${name}`,
    (run) => assertAgrees(run, samples),
  );
}
