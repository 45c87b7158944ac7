/**
 * Depthwise convolutions and their gradients, on every kind of adapter, at sizes that leave a remainder.
 */
import { grad } from "../../../../src/grad.ts";
import type { ConvOptions } from "../../../../src/ops/conv_options.ts";
import * as ops from "../../../../src/ops/mod.ts";
import type { Tensor } from "../../../../src/tensor.ts";
import { filled } from "../../../devices.ts";
import { assertAgrees, sample } from "../../../ops/oracle.ts";
import { forEachAdapter } from "../adapters.ts";

interface Case {
  readonly why: string;
  readonly image: readonly [number, number, number, number];
  readonly weight: readonly [number, number, 1, number];
  readonly options: ConvOptions;
}

// All above the million products from which the depthwise kernels take over.
const CASES: readonly Case[] = [
  { why: "whole fours", image: [3, 24, 32, 64], weight: [3, 3, 1, 64], options: { padding: 1 } },
  {
    why: "rows not of fours",
    image: [2, 33, 31, 96],
    weight: [3, 3, 1, 96],
    options: { padding: 1 },
  },
  {
    why: "channels not of fours",
    image: [3, 37, 41, 30],
    weight: [3, 3, 1, 30],
    options: { padding: 1 },
  },
  {
    why: "stride",
    image: [5, 33, 31, 100],
    weight: [3, 3, 1, 100],
    options: { stride: 2, padding: 1 },
  },
  {
    why: "phases without taps",
    image: [4, 43, 47, 62],
    weight: [2, 3, 1, 62],
    options: { stride: [3, 2] },
  },
  {
    why: "two outputs a channel",
    image: [2, 33, 31, 30],
    weight: [3, 3, 1, 60],
    options: { padding: 1 },
  },
  { why: "three, odd", image: [3, 33, 31, 13], weight: [5, 5, 1, 39], options: { padding: 2 } },
  {
    why: "three, strided",
    image: [5, 33, 31, 12],
    weight: [7, 5, 1, 36],
    options: { stride: 2, padding: [3, 2] },
  },
  { why: "a large kernel", image: [2, 16, 17, 44], weight: [7, 7, 1, 44], options: { padding: 3 } },
  {
    why: "everything by axis",
    image: [3, 40, 37, 24],
    weight: [3, 5, 1, 24],
    options: { stride: [1, 2], padding: [[0, 1], [2, 3]], dilation: [2, 1] },
  },
  {
    why: "a long line",
    image: [2, 1, 5003, 24],
    weight: [1, 5, 1, 24],
    options: { dilation: [1, 3] },
  },
];

type Compute = (x: Tensor, w: Tensor, g: Tensor, options: ConvOptions) => Tensor;

const product = (x: Tensor, w: Tensor, g: Tensor, options: ConvOptions) =>
  ops.sum(ops.mul(ops.conv2d(x, w, options), g));

const FORMS: readonly (readonly [criterion: string, f: Compute])[] = [
  ["conv2d()", (x, w, _g, options) => ops.conv2d(x, w, options)],
  [
    "conv2d() with ops behind it",
    (x, w, g, options) => ops.maximum(ops.sub(ops.conv2d(x, w, options), ops.mul(g, 0.5)), 0),
  ],
  ["conv2d()'s input gradient", (x, w, g, o) => grad((x: Tensor) => product(x, w, g, o))(x)],
  ["conv2d()'s weight gradient", (x, w, g, o) => grad((w: Tensor) => product(x, w, g, o))(w)],
];

for (const [criterion, f] of FORMS) {
  const samples = CASES.map(({ why, image, weight, options }) => {
    const own = { ...options, groups: image[3] };
    const x = filled(image, 1), w = filled(weight, 2), g = filled(ops.conv2d(x, w, own).shape, 3);
    return sample(why, [x, w, g], (x, w, g) => [f(x, w, g, own)]);
  });
  forEachAdapter(
    `${criterion} agrees with float64 where it is depthwise`,
    (run) => assertAgrees(run, samples),
  );
}
