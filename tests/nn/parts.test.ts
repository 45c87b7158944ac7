/**
 * Losses, indexing, windows of any shape and an LSTM, and their gradients, against PyTorch.
 */
import { assertEquals } from "@std/assert";
import { grad } from "../../src/grad.ts";
import * as nn from "../../src/nn/mod.ts";
import * as ops from "../../src/ops/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { filled } from "../golden/fill.ts";
import { goldenParts } from "../golden/read.ts";
import type { PartArgs, PartCase } from "../golden/types.ts";
import { assertClose, forEachDevice, largest } from "../devices.ts";
import { lstmStates } from "./lstm.ts";

type Inputs = Readonly<Record<string, Tensor>>;

const indices = (values: readonly number[], shape: readonly number[]) =>
  tensor(Int32Array.from(values), shape);

const PARTS: { readonly [K in keyof PartArgs]: (args: PartArgs[K], inputs: Inputs) => Tensor } = {
  crossEntropy: ({ labels, leading }, { x }) =>
    nn.softmaxCrossEntropy(x!, indices(labels, leading)),
  smoothed: ({ labels, leading, smoothing }, { x }) => {
    const targets = nn.smoothLabels(indices(labels, leading), x!.shape.at(-1)!, smoothing);
    return nn.softmaxCrossEntropy(x!, targets);
  },
  softCrossEntropy: (_, { x, z }) => nn.softmaxCrossEntropy(x!, ops.softmax(z!)),
  squaredHinge: ({ labels, leading }, { x }) => nn.squaredHingeLoss(x!, indices(labels, leading)),
  distillation: ({ labels, leading, temperature, weight }, { x, teacher }) =>
    ops.add(
      nn.softmaxCrossEntropy(x!, indices(labels, leading)),
      ops.mul(nn.softenedCrossEntropy(x!, teacher!, temperature), weight),
    ),
  meanSquaredError: (_, { x, z }) => nn.meanSquaredError(x!, z!),
  meanAbsoluteError: (_, { x, z }) => nn.meanAbsoluteError(x!, z!),
  binaryCrossEntropy: (_, { x, z }) => nn.binaryCrossEntropy(x!, ops.sigmoid(z!)),
  gather: ({ indices: at, axis }, { x }) => ops.gather(x!, indices(at, [at.length]), { axis }),
  takeAlong: ({ indices: at, shape, axis }, { x }) => ops.takeAlong(x!, indices(at, shape), axis),
  maxPool: ({ size, ...options }, { x }) => nn.maxPool(size, options)([], x!),
  avgPool: ({ size, ...options }, { x }) => nn.avgPool(size, options)([], x!),
  conv: ({ size, channels, ...options }, { x, w, b }) =>
    nn.conv(channels, size, { ...options, padding: 1 })({ w: w!, b: b! }, x!),
  lstm: (_, { x, w, v, b, h, c }) => lstmStates({ w: w!, v: v!, b: b! }, x!, { h: h!, c: c! }),
};

const { cases } = goldenParts();

Deno.test("golden values cover every part that they name", () => {
  assertEquals(new Set(cases.map(({ op }) => op)), new Set(Object.keys(PARTS)));
});

const toleranceOf = (expected: readonly number[]) => ({
  relative: 0,
  absolute: Math.max(largest(expected), 1e-3) * 1e-5,
});

for (const part of Object.keys(PARTS) as (keyof PartArgs)[]) {
  forEachDevice(`${part} and its gradients are PyTorch's`, async (run) => {
    for (const { op, args, inputs, output, upstream, grads, name } of cases) {
      if (op !== part) continue;
      const compute = PARTS[op] as (args: PartCase["args"], inputs: Inputs) => Tensor;
      const given = Object.fromEntries(
        Object.entries(inputs).map(([name, f]) => [name, tensor(filled(f), f.shape)]),
      );
      const g = upstream ? tensor(filled(upstream), upstream.shape) : tensor(1);
      const f = run.jit((inputs: Inputs) => [
        compute(args, inputs),
        grad((i: Inputs) => ops.sum(ops.mul(compute(args, i), g)))(inputs),
      ]);
      const [y, gradients] = await run.read(f(given)) as unknown as [
        Float32Array,
        Readonly<Record<string, Float32Array>>,
      ];
      assertClose(y, output.data, toleranceOf(output.data), name);
      for (const [input, { data }] of Object.entries(grads!)) {
        assertClose(gradients[input]!, data, toleranceOf(data), `${name}, gradient in ${input}`);
      }
    }
  });
}
