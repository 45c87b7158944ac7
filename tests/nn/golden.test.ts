/**
 * Layers and their gradients, against PyTorch.
 */
import { assertEquals } from "@std/assert";
import { grad } from "../../src/grad.ts";
import * as nn from "../../src/nn/mod.ts";
import { pseudorandomBoundaries } from "../../src/nn/fractional_boundaries.ts";
import { fractionsOf, maxOfWindows, pixelsOf } from "../../src/nn/fractional_windows.ts";
import { cast, constant, mul, sum } from "../../src/ops/mod.ts";
import { type Params, type Tensor, tensor } from "../../src/tensor.ts";
import { filled } from "../golden/fill.ts";
import { goldenLayers } from "../golden/read.ts";
import type { LayerArgs, LayerCase } from "../golden/types.ts";
import { assertClose, forEachDevice, largest } from "../devices.ts";

type Inputs = Readonly<Record<string, Tensor>>;
type Case<K extends keyof LayerArgs> = Extract<LayerCase, { op: K }>;

const LAYERS: { readonly [K in keyof LayerArgs]: (each: Case<K>) => nn.Layer } = {
  layerNorm: ({ args, inputs }) => nn.layerNorm({ ...args, affine: "scale" in inputs }) as nn.Layer,
  groupNorm: ({ args: { groups, ...options }, inputs }) =>
    nn.groupNorm(groups, { ...options, affine: "scale" in inputs }) as nn.Layer,
  lrn: ({ args }) => nn.lrn(args),
  avgPool: ({ args: { size, ...options } }) => nn.avgPool(size, options),
  fractionalMaxPool: ({ args: { size, output, shifts } }) =>
    nn.stateless("fractionalMaxPool", (x) => {
      const [rows, columns] = output.map((out, axis) => {
        const fractions = fractionsOf(x.shape[1 + axis]!, out, true, size)!;
        const { length, steps } = fractions, shift = constant(shifts[axis]!, [], "i32");
        return pixelsOf(fractions, pseudorandomBoundaries(shift, length, steps));
      });
      return maxOfWindows(x, rows!, columns!);
    }),
  activation: ({ args: { kind } }) => nn[kind],
  elu: ({ args: { alpha } }) => nn.elu(alpha),
  prelu: ({ args }) => nn.prelu(args) as nn.Layer,
  lstm: ({ args: { units, reverse } }) => nn.lstm(units, { reverse }) as nn.Layer,
  gru: ({ args: { units, reverse } }) => nn.gru(units, { reverse }) as nn.Layer,
  attention: ({ args: { features, heads, causal, lengths }, inputs }) => {
    const [, time] = inputs.x!.shape as [number, number];
    const padding = lengths
      ? tensor(lengths.map((n) => Array.from({ length: time }, (_, i) => Number(i < n))))
      : undefined;
    const options = { causal, padding: padding && cast(padding, "u32") };
    const weights = (
      p: Inputs,
    ) => [...["q", "k", "v", "o"].map((name) => ({ w: p[`w${name}`]!, b: p[`b${name}`]! })), []];
    return nn.layer<Inputs>(
      "attention",
      () => ({}),
      (p, x) =>
        nn.attention(features, heads, options)(weights(p) as unknown as nn.AttentionParams, x),
    ) as nn.Layer;
  },
};

const { cases } = goldenLayers();

Deno.test("golden values cover every layer that they name", () => {
  assertEquals(new Set(cases.map(({ op }) => op)), new Set(Object.keys(LAYERS)));
});

const toleranceOf = (expected: readonly number[]) => ({
  relative: 0,
  absolute: Math.max(largest(expected), 1e-3) * 1e-5,
});

for (const kind of Object.keys(LAYERS) as (keyof LayerArgs)[]) {
  forEachDevice(`${kind}() and its gradients are PyTorch's`, async (run) => {
    for (const each of cases.filter(({ op }) => op === kind)) {
      const layer = (LAYERS[kind] as (each: LayerCase) => nn.Layer)(each);
      const given = Object.fromEntries(
        Object.entries(each.inputs).map(([name, f]) => [name, tensor(filled(f), f.shape)]),
      );
      const upstream = tensor(filled(each.upstream!), each.upstream!.shape);
      const f = ({ x, ...params }: Inputs) =>
        layer(Object.keys(params).length ? params as Params : [], x!);
      const value = run.jit((inputs: Inputs) => [
        f(inputs),
        grad((i: Inputs) => sum(mul(f(i), upstream)))(inputs),
      ]);
      const [y, gradients] = await run.read(value(given)) as unknown as [
        Float32Array,
        Readonly<Record<string, Float32Array>>,
      ];
      assertClose(y, each.output.data, toleranceOf(each.output.data), each.name);
      for (const [name, { data }] of Object.entries(each.grads!)) {
        assertClose(gradients[name]!, data, toleranceOf(data), `${each.name}, gradient in ${name}`);
      }
    }
  });
}
