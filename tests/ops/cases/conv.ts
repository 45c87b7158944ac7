/**
 * Cases of the convolution and its gradients, each called directly.
 *
 * @module
 */
import { conv2d, type ConvOptions } from "../../../src/ops/mod.ts";
import { conv2dInputGradientOp, conv2dWeightGradientOp } from "../../../src/ops/conv.ts";
import { convAttrs, sidesOf } from "../../../src/ops/conv_options.ts";
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
  [[2, 5, 4, 2], [2, 3, 2, 3], { stride: [2, 1], padding: [0, 2] }],
  [[1, 4, 5, 3], [3, 2, 3, 2], { stride: [1, 3], padding: [[0, 2], [1, 0]] }],
  [[2, 3, 4, 2], [2, 3, 1, 4], { groups: 2, padding: "same" }],
  [[2, 1, 7, 2], [1, 4, 2, 3], { stride: [1, 2], padding: [[0, 0], [3, 0]] }],
  [[2, 6, 5, 2], [3, 2, 2, 3], { dilation: 2, padding: 1 }],
  [[1, 7, 5, 2], [2, 3, 2, 2], { dilation: [3, 2], stride: [2, 1], padding: [[2, 0], [1, 3]] }],
  [[1, 5, 6, 4], [2, 2, 2, 6], { dilation: [1, 3], groups: 2, stride: 2, padding: "same" }],
  [[2, 4, 4, 3], [2, 2, 1, 3], { dilation: 2, groups: 3 }],
  [[1, 1, 9, 2], [1, 3, 2, 2], { dilation: [1, 4], padding: [0, 4] }],
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
  [[2, 9, 7, 16], [3, 5, 16, 24], { stride: [1, 2], padding: [[2, 0], [1, 4]] }],
  [[1, 8, 13, 8], [4, 4, 8, 16], { stride: [3, 1], padding: "same" }],
  [[2, 10, 9, 8], [1, 7, 8, 8], { padding: [0, 3] }],
  [[3, 1, 50, 16], [1, 9, 16, 16], { padding: [0, 4] }],
  [[2, 9, 9, 16], [5, 5, 16, 8], { padding: [4, 1] }],
  [[1, 6, 9, 8], [3, 3, 8, 8], { padding: [[1, 1], [0, 2]] }],
  [[2, 13, 11, 16], [3, 3, 16, 24], { dilation: 2, padding: 2 }],
  [[1, 17, 15, 5], [3, 5, 5, 7], { dilation: [4, 3], padding: [4, 6], stride: 2 }],
  [[2, 9, 12, 8], [3, 3, 4, 6], { dilation: [1, 2], groups: 2, padding: 1, stride: [2, 1] }],
  [[2, 1, 70, 8], [1, 3, 8, 16], { dilation: [1, 16], padding: [0, 16] }],
  [[1, 9, 23, 6], [2, 3, 3, 4], { dilation: [3, 4], groups: 2, stride: [3, 2], padding: [4, 7] }],
  [[2, 12, 11, 5], [3, 3, 5, 18], { stride: 4, padding: 3 }],
  [[1, 10, 7, 7], [1, 2, 7, 9], { stride: [4, 3], padding: [[0, 1], [3, 2]] }],
  [[2, 16, 1, 40], [5, 1, 40, 35], { stride: [2, 1], padding: [2, 0] }],
];

/** One to four channels a group, in and out. */
const SMALL_GROUPS: readonly Setting[] = [
  [[2, 9, 8, 8], [3, 3, 1, 8], { padding: 1, groups: 8 }],
  [[1, 7, 11, 17], [3, 3, 1, 17], { padding: 1, groups: 17 }],
  [[2, 5, 5, 3], [3, 3, 1, 3], { padding: 1, groups: 3 }],
  [[2, 5, 5, 5], [3, 3, 1, 5], { padding: 1, groups: 5, stride: 2 }],
  [[3, 4, 1, 2], [3, 3, 1, 2], { padding: 1, groups: 2 }],
  [[1, 13, 13, 6], [5, 5, 1, 12], { padding: 2, groups: 6 }],
  [[1, 12, 19, 8], [3, 2, 1, 24], { padding: [0, 2], groups: 8, stride: [1, 2] }],
  [[1, 12, 19, 4], [3, 2, 1, 16], { padding: [0, 2], groups: 4, stride: [1, 2] }],
  [[1, 12, 19, 8], [3, 3, 2, 8], { padding: [[1, 0], [0, 2]], groups: 4, stride: [3, 2] }],
  [[1, 12, 19, 12], [3, 3, 3, 12], { padding: 2, groups: 4, dilation: [2, 3] }],
  [[1, 12, 19, 15], [3, 3, 3, 5], { padding: 2, groups: 5, dilation: 2, stride: 2 }],
  [[1, 10, 10, 16], [3, 3, 4, 16], { padding: 1, groups: 4 }],
  [[2, 10, 9, 20], [3, 4, 4, 20], { padding: 1, groups: 5, stride: [2, 3] }],
  [[2, 10, 9, 9], [3, 4, 3, 6], { padding: 1, groups: 3, stride: [2, 3] }],
  [[1, 1, 200, 8], [1, 9, 1, 8], { padding: [0, 4], groups: 8 }],
  [[1, 1, 203, 7], [1, 9, 1, 14], { padding: [0, 4], groups: 7, stride: [1, 2] }],
  [[2, 12, 13, 24], [7, 7, 1, 24], { padding: 3, groups: 24 }],
  [[1, 20, 6, 4], [11, 11, 1, 4], { padding: 5, groups: 4 }],
  [[1, 6, 40, 8], [2, 31, 1, 8], { padding: [1, 15], groups: 8 }],
  [[1, 9, 9, 8], [3, 3, 1, 8], { padding: 4, groups: 8, stride: 4 }],
  [[1, 9, 9, 8], [1, 1, 1, 8], { padding: 1, groups: 8, stride: 4 }],
  [[1, 9, 9, 8], [2, 2, 1, 8], { groups: 8, stride: 11, padding: 1 }],
  [[2, 7, 9, 5], [3, 2, 1, 40], { groups: 5, stride: [1, 2], padding: 1 }],
  [[1, 7, 9, 4], [3, 3, 2, 16], { groups: 2, padding: 1 }],
];

const named = ([image, weight, o = {}]: Setting) =>
  `[${image}] by [${weight}], stride ${o.stride ?? 1}, padding ${o.padding ?? 0}, groups ${
    o.groups ?? 1
  }${o.dilation ? `, dilation ${o.dilation}` : ""}`;

const attrsOf = ([image, weight, o = {}]: Setting) =>
  convAttrs(o, sidesOf(o, image.slice(1), weight));

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
  ...[...LARGE, ...SMALL_GROUPS].map((setting) => ({ ...make(setting), deviceOnly: true })),
];

/** Cases of the three convolution kernels. */
export const CONVOLUTIONS: Readonly<
  Record<"conv2d" | "conv2dInputGradient" | "conv2dWeightGradient", readonly Case[]>
> = {
  conv2d: all(forward),
  conv2dInputGradient: all(toInput),
  conv2dWeightGradient: all(toWeight),
};
