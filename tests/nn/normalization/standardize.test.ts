/**
 * Standardization: its values by hand, and moments that are given.
 */
import { assertEquals } from "@std/assert";
import { moments, standardize } from "../../../src/nn/normalization/standardize.ts";
import { evaluate } from "../../../src/device/reference/evaluate.ts";
import { type Tensor, tensor } from "../../../src/tensor.ts";
import { assertClose, filled } from "../../devices.ts";

const value = (x: Tensor): number[] => [...evaluate([x])[0]!];

Deno.test("moments() are the mean and the population variance, with the axes kept", () => {
  const { mean, variance } = moments(tensor([[1, 2, 6], [3, 5, 7]]), 1);
  assertEquals([mean.shape, variance.shape], [[2, 1], [2, 1]]);
  assertEquals(value(mean), [3, 5]);
  assertClose(value(variance), [14 / 3, 8 / 3]);
});

Deno.test("standardize() has mean 0 and variance 1, then scale and offset", () => {
  const x = filled([5, 3], 1), alone = standardize(x, moments(x, 0), 0);
  const after = moments(alone, 0);
  assertClose(value(after.mean), [0, 0, 0]);
  assertClose(value(after.variance), [1, 1, 1]);
  const scale = tensor([1, -2, 0.5]), b = tensor([0, 1, -1]), plain = value(alone);
  const expected = plain.map((v, i) => v * [1, -2, 0.5][i % 3]! + [0, 1, -1][i % 3]!);
  assertClose(value(standardize(x, moments(x, 0), 0, { scale, b })), expected);
});

Deno.test("standardize() takes moments that are given, and a constant is 0 with an epsilon", () => {
  const given = { mean: tensor([1, 2]), variance: tensor([4, 9]) };
  assertEquals(value(standardize(tensor([[3, 5], [1, -1]]), given, 0)), [1, 1, 0, -1]);
  const flat = tensor([3, 3, 3]);
  assertEquals(value(standardize(flat, moments(flat, 0), 1e-5)), [0, 0, 0]);
});

Deno.test("standardize() adds epsilon to the variance, under the root", () => {
  const x = tensor([[0, 2e-3]]), [found] = evaluate([standardize(x, moments(x, [1]), 1e-5)]);
  // The variance is a tenth of epsilon.
  assertClose(found!, [-1e-3 / Math.sqrt(1.1e-5), 1e-3 / Math.sqrt(1.1e-5)], { relative: 1e-6 });
});
