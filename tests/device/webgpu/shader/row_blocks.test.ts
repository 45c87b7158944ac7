/**
 * Blocks of rows: reductions of rows, and what is computed from them, in one shader.
 */
import { assertEquals } from "@std/assert";
import { grad } from "../../../../src/grad.ts";
import * as ops from "../../../../src/ops/mod.ts";
import type { Runtime } from "../../../../src/runtime/mod.ts";
import { type Tensor, tensor } from "../../../../src/tensor.ts";
import { filled } from "../../../devices.ts";
import { assertAgrees, type Sample, sample } from "../../../ops/oracle.ts";
import { forEachAdapter } from "../adapters.ts";

function layerNorm(x: Tensor, scale: Tensor, shift: Tensor): Tensor {
  const away = ops.sub(x, ops.mean(x, -1, { keep: true }));
  const variance = ops.mean(ops.mul(away, away), -1, { keep: true });
  return ops.add(ops.mul(ops.div(away, ops.sqrt(ops.add(variance, 1e-5))), scale), shift);
}

const along = (f: (x: Tensor) => Tensor) => (x: Tensor, g: Tensor = x) =>
  grad((x: Tensor) => ops.sum(ops.mul(f(x), g)))(x);

/** Few and many rows, short and long, of fours and not: with one thread a row, and with several. */
const SIZES = [[1, 100], [2, 9], [7, 13], [3, 5000], [16, 4096], [65, 63], [128, 1000], [300, 64], [
  8192,
  12,
]] as const;

const FORMS: readonly (readonly [name: string, f: Sample["f"]])[] = [
  ["softmax()", (x) => [ops.softmax(x)]],
  ["softmax() of a transpose", (x) => [ops.softmax(ops.transpose(x))]],
  ["softmax()'s gradient", (x, g) => [along((x) => ops.softmax(x))(x, g)]],
  ["logSoftmax() and its gradient", (x, g) => [
    ops.logSoftmax(x),
    along((x) => ops.logSoftmax(x))(x, g),
  ]],
  ["logSumExp() twice, of one more", (x) => {
    const y = ops.exp(x);
    return [y, ops.logSumExp(y, -1), ops.max(y, -1)];
  }],
  ["a layer norm and its gradient", (x, g, scale, shift) => [
    layerNorm(x!, scale!, shift!),
    ...grad((p: readonly [Tensor, Tensor, Tensor]) => ops.sum(ops.mul(layerNorm(...p), g!)))(
      [x!, scale!, shift!],
    ),
  ]],
  ["maxima of integers, as a sum", (x) => {
    const whole = ops.cast(ops.mul(x, 128), "i32");
    return [ops.sum(ops.sub(whole, ops.max(whole, -1, { keep: true })), -1)];
  }],
];

for (const [name, f] of FORMS) {
  forEachAdapter(`${name} agrees with float64 in blocks of rows`, (run) =>
    assertAgrees(
      run,
      SIZES.map(([rows, width]) => {
        const x = filled([rows, width], 1), g = filled([rows, width], 2);
        return sample(`${rows} × ${width}`, [x, g, filled([width], 3), filled([width], 4)], f);
      }),
    ));
}

const dispatches = (run: Runtime, f: (x: Tensor) => Tensor, shape: readonly number[]) =>
  Number(/(\d+) dispatch/.exec(run.explain(f, filled(shape, 1)))![1]);

forEachAdapter(
  "what reduces rows and computes elements of the same rows is one dispatch",
  (run) => {
    const one = filled([64], 2);
    for (const shape of [[128, 64], [2, 3, 50, 64], [1000, 64]]) {
      assertEquals(dispatches(run, (x) => ops.softmax(x), shape), 1);
      assertEquals(dispatches(run, (x) => ops.logSoftmax(x), shape), 1);
      assertEquals(dispatches(run, (x) => layerNorm(x, one, one), shape), 1);
      assertEquals(
        dispatches(run, along((x) => ops.softmax(x)), shape),
        1,
      );
    }
    return Promise.resolve();
  },
);

forEachAdapter("NaN and infinities go through blocks of rows as in float64", (run) => {
  const x = tensor([[1, NaN, 3, 4], [1, -Infinity, 3, 4], [1, Infinity, 3, 4], [1, 2, 3, 4]]);
  return assertAgrees(run, [
    sample("softmax", [x], (x) => [ops.softmax(x), ops.logSumExp(x, -1)]),
  ]);
});
