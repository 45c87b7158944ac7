/**
 * Cases of the convolution and its gradients, each called directly.
 *
 * @module
 */
import { conv2d, type ConvOptions } from "../../../src/ops/mod.ts";
import { conv2dInputGradientOp, conv2dWeightGradientOp } from "../../../src/ops/conv.ts";
import { convGeometry } from "../../../src/ops/conv_geometry.ts";
import { apply } from "../../../src/tensor.ts";
import { type Case, floats } from "../case.ts";

type Setting = readonly [
  image: readonly number[],
  weight: readonly number[],
  options?: ConvOptions,
];

const SMALL: readonly Setting[] = [
  [[2, 4, 3, 2], [3, 3, 2, 3], { padding: 1 }],
  [[1, 5, 6, 2], [2, 3, 2, 2], { stride: 2, padding: 1 }],
  [[1, 5, 4, 4], [3, 3, 2, 6], { groups: 2, padding: 2, stride: 3 }],
  [[1, 3, 4, 4], [2, 2, 1, 4], { groups: 4 }],
  [[2, 3, 2, 3], [1, 1, 3, 2]],
  [[1, 1, 1, 1], [1, 1, 1, 1]],
];

const LARGE: readonly Setting[] = [
  [[1, 8, 8, 1], [3, 3, 1, 16]],
  [[2, 5, 7, 3], [3, 3, 3, 5], { padding: 1 }],
  [[2, 9, 6, 16], [3, 3, 16, 33], { stride: 2, padding: 1 }],
  [[3, 7, 7, 33], [1, 1, 33, 16]],
  [[2, 7, 9, 16], [1, 1, 16, 5], { stride: 2 }],
  [[1, 11, 10, 5], [5, 5, 5, 3], { stride: 3, padding: 2 }],
  [[1, 4, 6, 3], [3, 3, 3, 1], { padding: 2 }],
  [[1, 8, 8, 5], [3, 3, 5, 5], { stride: 3 }],
  [[4, 3, 3, 5], [3, 3, 5, 65]],
  [[1, 6, 5, 65], [3, 3, 65, 64], { padding: 1 }],
  [[2, 8, 8, 32], [3, 3, 32, 32], { padding: 1 }],
  [[2, 6, 5, 16], [3, 3, 8, 6], { groups: 2, padding: 1 }],
  [[1, 7, 9, 16], [2, 3, 4, 16], { groups: 4, padding: 1, stride: 2 }],
  [[2, 6, 6, 4], [3, 3, 1, 4], { groups: 4, padding: 1 }],
  [[2, 5, 5, 2], [3, 3, 1, 6], { groups: 2 }],
  [[2, 7, 1, 3], [3, 1, 3, 7], { padding: 2, stride: 2 }],
  [[1, 301, 299, 1], [3, 3, 1, 2]],
  [[130, 32, 32, 1], [1, 1, 1, 4]],
];

const named = ([image, weight, o = {}]: Setting) =>
  `[${image}] by [${weight}], stride ${o.stride ?? 1}, padding ${o.padding ?? 0}, groups ${
    o.groups ?? 1
  }`;

const attrsOf = ([, , { stride = 1, padding = 0, groups = 1 } = {}]: Setting) => ({
  stride,
  padding,
  groups,
});

function outputOf(setting: Setting): number[] {
  const g = convGeometry(setting[0], setting[1], attrsOf(setting));
  return [g.batch, g.y.out, g.x.out, g.outChannels];
}

const forward = (setting: Setting): Case => ({
  name: named(setting),
  inputs: [floats(setting[0]), floats(setting[1])],
  f: (x, w) => conv2d(x, w, setting[2]),
});

const toInput = (setting: Setting): Case => ({
  name: named(setting),
  inputs: [floats(outputOf(setting)), floats(setting[1])],
  f: (g, w) =>
    apply(conv2dInputGradientOp, [g, w], { ...attrsOf(setting), shape: [...setting[0]] }),
});

const toWeight = (setting: Setting): Case => ({
  name: named(setting),
  inputs: [floats(setting[0]), floats(outputOf(setting))],
  f: (x, g) =>
    apply(conv2dWeightGradientOp, [x, g], { ...attrsOf(setting), shape: [...setting[1]] }),
});

const all = (make: (setting: Setting) => Case): Case[] => [
  ...SMALL.map(make),
  ...LARGE.map((setting) => ({ ...make(setting), deviceOnly: true })),
];

/** Cases of the three convolution kernels. */
export const CONVOLUTIONS: Readonly<
  Record<"conv2d" | "conv2dInputGradient" | "conv2dWeightGradient", readonly Case[]>
> = {
  conv2d: all(forward),
  conv2dInputGradient: all(toInput),
  conv2dWeightGradient: all(toWeight),
};
