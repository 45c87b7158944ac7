/**
 * The unrolled convolution kernels: every way of reading the input, of dividing channels, and of taking
 * lines of the output, at sizes that leave a remainder.
 */
import { assertEquals } from "@std/assert";
import { openWebGpu } from "../../../../src/device/webgpu/mod.ts";
import { type Runtime, runtimeOn } from "../../../../src/runtime/mod.ts";
import { apply, type Tensor } from "../../../../src/tensor.ts";
import * as ops from "../../../../src/ops/mod.ts";
import {
  convAttrs,
  type ConvOptions,
  type Padding,
  sidesOf,
} from "../../../../src/ops/conv_options.ts";
import { filled, noWebGpu } from "../../../devices.ts";
import { assertAgrees, type Sample, sample } from "../../../ops/oracle.ts";
import { forEachAdapter } from "../adapters.ts";
import { counting } from "../counting.ts";

interface Case {
  readonly why: string;
  readonly image: readonly [number, number, number, number];
  readonly weight: readonly [number, number, number, number];
  readonly padding: Padding;
  readonly options?: ConvOptions;
}

// All above the million products from which the unrolled kernels take over.
const strided = (stride: number) => ({ options: { stride } });

const CASES: readonly Case[] = [
  { why: "texture, one chunk", image: [4, 16, 16, 16], weight: [3, 3, 16, 32], padding: 1 },
  { why: "texture, several chunks", image: [3, 8, 8, 80], weight: [3, 3, 80, 48], padding: 1 },
  {
    why: "texture, remainder of a chunk",
    image: [5, 16, 16, 20],
    weight: [3, 3, 20, 24],
    padding: 1,
  },
  {
    why: "rows that do not fit a texture",
    image: [7, 13, 13, 12],
    weight: [3, 3, 12, 40],
    padding: 1,
  },
  { why: "three input channels", image: [4, 32, 32, 3], weight: [3, 3, 3, 64], padding: 1 },
  { why: "outputs not in fours", image: [4, 16, 16, 16], weight: [3, 3, 16, 35], padding: 1 },
  { why: "no padding, larger kernel", image: [2, 20, 20, 16], weight: [5, 5, 16, 36], padding: 0 },
  { why: "wide padding", image: [3, 16, 16, 16], weight: [5, 5, 16, 20], padding: 3 },
  { why: "one tap", image: [9, 16, 16, 64], weight: [1, 1, 64, 48], padding: 0 },
  { why: "lines too long for a run", image: [1, 20, 80, 16], weight: [3, 3, 16, 32], padding: 1 },
  { why: "odd channels", image: [3, 17, 19, 33], weight: [3, 3, 33, 20], padding: 1 },
  { why: "one input channel", image: [8, 28, 28, 1], weight: [3, 3, 1, 80], padding: 1 },
  { why: "several slices of channels", image: [2, 8, 8, 100], weight: [3, 3, 100, 44], padding: 1 },
  { why: "seven columns of taps", image: [2, 16, 16, 8], weight: [7, 7, 8, 32], padding: 3 },
  { why: "nine columns of taps", image: [2, 16, 16, 8], weight: [9, 9, 8, 16], padding: 4 },
  { why: "large workgroups, not full", image: [5, 31, 31, 8], weight: [3, 3, 8, 64], padding: 1 },
  { why: "workgroups of 512", image: [2, 32, 32, 16], weight: [3, 3, 16, 64], padding: 1 },
  { why: "lines too long for a shader", image: [1, 16, 140, 8], weight: [3, 3, 8, 32], padding: 1 },
  { why: "stride", image: [4, 17, 16, 20], weight: [3, 3, 20, 28], padding: 1, ...strided(2) },
  {
    why: "phases without taps",
    image: [3, 29, 31, 24],
    weight: [1, 2, 24, 68],
    padding: 0,
    ...strided(3),
  },
  {
    why: "rows of taps apart",
    image: [2, 43, 47, 3],
    weight: [11, 11, 3, 20],
    padding: 0,
    ...strided(4),
  },
  {
    why: "everything by axis",
    image: [3, 15, 16, 13],
    weight: [3, 4, 13, 30],
    padding: [[0, 2], [3, 1]],
    options: { stride: [2, 1], dilation: [1, 3] },
  },
  {
    why: "dilation that has phases",
    image: [3, 17, 19, 12],
    weight: [3, 3, 12, 28],
    padding: 3,
    options: { stride: 2, dilation: 2 },
  },
  { why: "few pixels", image: [3, 8, 9, 96], weight: [8, 8, 96, 20], padding: 0 },
  {
    why: "two groups",
    image: [2, 16, 16, 32],
    weight: [3, 3, 16, 32],
    padding: 1,
    options: { groups: 2 },
  },
  {
    why: "groups of odd sizes",
    image: [3, 15, 16, 21],
    weight: [3, 3, 7, 33],
    padding: 1,
    options: { groups: 3 },
  },
  {
    why: "strided groups",
    image: [3, 33, 31, 64],
    weight: [3, 3, 4, 64],
    padding: 1,
    options: { groups: 16, stride: 2 },
  },
  {
    why: "one long line",
    image: [2, 1, 2003, 8],
    weight: [1, 5, 8, 32],
    padding: 0,
    options: { stride: [1, 2], dilation: [1, 3] },
  },
];

const optionsOf = ({ padding, options }: Case): ConvOptions => ({ padding, ...options });

const samples = (f: (c: Case, x: Tensor, w: Tensor, g: Tensor) => Tensor) =>
  CASES.map((c) => {
    const x = filled(c.image, 1), w = filled(c.weight, 2);
    const g = filled(ops.conv2d(x, w, optionsOf(c)).shape, 3);
    return sample(c.why, [x, w, g], (x, w, g) => [f(c, x, w, g)]);
  });

const attributes = (c: Case) =>
  convAttrs(optionsOf(c), sidesOf(optionsOf(c), c.image.slice(1), c.weight));

const FORMS: readonly (readonly [criterion: string, samples: readonly Sample[]])[] = [
  [
    "conv2d() agrees with float64",
    samples((c, x, w) => ops.conv2d(x, w, optionsOf(c))),
  ],
  [
    "conv2d() agrees with float64 with ops fused behind it",
    samples((c, x, w, g) =>
      ops.maximum(ops.sub(ops.conv2d(x, w, optionsOf(c)), ops.mul(g, 0.5)), 0)
    ),
  ],
  [
    "conv2dInputGradient() agrees with float64",
    samples((c, _x, w, g) =>
      apply(ops.KERNEL_OPS.conv2dInputGradient, [g, w], { ...attributes(c), shape: c.image })
    ),
  ],
  [
    "conv2dWeightGradient() agrees with float64",
    samples((c, x, _w, g) =>
      apply(ops.KERNEL_OPS.conv2dWeightGradient, [x, g], { ...attributes(c), shape: c.weight })
    ),
  ],
];

for (const [criterion, samples] of FORMS) {
  forEachAdapter(`${criterion} in every unrolled form`, (run) => assertAgrees(run, samples));
}

/** Registers a test on a software adapter with some traits of its own. */
function onSoftware(
  name: string,
  traits: Parameters<typeof openWebGpu>[0],
  test: (run: Runtime) => Promise<void>,
) {
  Deno.test({
    name,
    ignore: noWebGpu !== undefined,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      await using run = runtimeOn(await openWebGpu({ ...traits, software: true }));
      await test(run);
    },
  });
}

onSoftware(
  "convolutions and products agree with float64 where images are too large for textures",
  { textures: { texels: 32, layers: 2 } },
  async (run) => {
    for (const [, samples] of FORMS) {
      await assertAgrees(run, samples.filter(({ name }) => name.startsWith("texture, ")));
    }
    const product = sample("a product", [[1, 70, 80], [1, 80, 50]], (a, b) => [ops.matmul(a, b)]);
    await assertAgrees(run, [product]);
  },
);

/** Convolutions whose images have one size, and so are copied into one texture. */
const SAME = { padding: 1 };
const SHARED: readonly (readonly [why: string, copies: number, f: Sample["f"]])[] = [
  ["of one image by two weights", 1, (x, w, v) => [ops.conv2d(x, w, SAME), ops.conv2d(x, v, SAME)]],
  ["of two images in turn", 3, (x, w, v) => {
    const once = ops.conv2d(x, w, SAME), twice = ops.conv2d(once, v, SAME);
    return [ops.add(twice, ops.conv2d(ops.add(x, ops.mul(twice, 0)), w, SAME))];
  }],
  ["in a chain whose values share memory", 4, (x, w) => {
    let y = x;
    for (let i = 0; i < 4; i++) y = ops.tanh(ops.mul(ops.conv2d(y, w, SAME), 0.05));
    return [y];
  }],
];

onSoftware(
  "an image is copied into a texture once for all dispatches that read it, until it changes",
  {},
  (run) =>
    counting(async (counts) => {
      for (const [why, copies, f] of SHARED) {
        const before = counts.copyBufferToTexture, weight = [3, 3, 32, 32];
        await assertAgrees(run, [sample(why, [[2, 16, 16, 32], weight, weight], f)]);
        assertEquals(counts.copyBufferToTexture - before, copies, why);
      }
    }),
);
