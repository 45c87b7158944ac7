/**
 * Layers: shapes, values, errors.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import * as nn from "../../src/nn/mod.ts";
import { concat, constant, matmul, reshape } from "../../src/ops/mod.ts";
import type * as init from "../../src/nn/initializers/initializer.ts";
import { key } from "../../src/random.ts";
import { type Params, placeholder, type Tensor, tensor } from "../../src/tensor.ts";
import type { Spec } from "../../src/spec.ts";
import { leaves } from "../../src/tree.ts";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { assertClose, filled } from "../devices.ts";

const spec = (...shape: number[]): Spec => ({ shape, dtype: "f32" });
const shapeOf = (layer: nn.Layer, x: Spec): string =>
  layer(layer.init(key(0), x), placeholder(x)).shape.join();
const value = (x: Tensor): number[] => [...evaluate([x])[0]!];
const message = (f: () => unknown): string => assertThrows(f, RangeError).message;

Deno.test("every layer's output has the shape that its options imply", () => {
  const images = spec(2, 6, 6, 4);
  const expected: [nn.Layer, Spec, string][] = [
    [nn.conv(8, 3), images, "2,4,4,8"],
    [nn.conv(8, 3, { padding: 1, stride: 2, pieces: 3 }), images, "2,3,3,8"],
    [nn.conv(8, 3, { groups: 2 }), images, "2,4,4,8"],
    [nn.conv(8, [3, 1], { dilation: [2, 1], stride: [1, 2] }), images, "2,2,3,8"],
    [nn.conv(8, 3, { padding: "same", stride: 4 }), images, "2,2,2,8"],
    [nn.conv(8, 3, { padding: [[0, 1], [2, 0]], groups: 4 }), images, "2,5,6,8"],
    [nn.convTranspose(8, 4, { stride: 2, padding: 1 }), images, "2,12,12,8"],
    [nn.convTranspose(6, [3, 2], { pieces: 2 }), images, "2,8,7,6"],
    [nn.conv1d(8, 3, { stride: 2 }), spec(2, 9, 4), "2,4,8"],
    [nn.conv1d(8, 3, { padding: "same", pieces: 2, dilation: 3 }), spec(2, 9, 4), "2,9,8"],
    [
      nn.convTranspose1d(6, 3, { stride: 2, outputPadding: 1, groups: 2 }),
      spec(2, 9, 4),
      "2,20,6",
    ],
    [nn.maxPool(2), images, "2,3,3,4"],
    [nn.maxPool(4, { stride: 2, ceil: true }), spec(1, 13, 13, 1), "1,6,6,1"],
    [nn.avgPool(3, { stride: 1, padding: 1 }), images, "2,6,6,4"],
    [nn.maxPool([1, 2], { stride: [3, 1], dilation: [1, 2] }), images, "2,2,4,4"],
    [nn.avgPool([2, 3], { padding: [[0, 1], [2, 0]], stride: 2 }), images, "2,3,3,4"],
    [nn.maxPool(3, { padding: "same", stride: 4 }), images, "2,2,2,4"],
    [nn.avgPool(3, { stride: 2, padding: 1, countPadding: false }), images, "2,3,3,4"],
    [nn.fractionalMaxPool({ ratio: 1.5 }), images, "2,4,4,4"],
    [nn.layerNorm(), images, "2,6,6,4"],
    [nn.groupNorm(2), images, "2,6,6,4"],
    [nn.lrn(), images, "2,6,6,4"],
    [nn.globalMaxPool, images, "2,4"],
    [nn.globalAvgPool, images, "2,4"],
    [nn.flatten, images, "2,144"],
    [nn.dropout(0.5), images, "2,6,6,4"],
    [nn.dense(7, { pieces: 5 }), spec(2, 3), "2,7"],
    [nn.relu, images, "2,6,6,4"],
    [nn.gelu(), images, "2,6,6,4"],
    [nn.gelu("tanh"), images, "2,6,6,4"],
    [nn.residual(nn.conv(4, 3, { padding: 1 })), images, "2,6,6,4"],
    [nn.concat(nn.conv(3, 1), nn.relu), images, "2,6,6,7"],
    [nn.highway(nn.conv(4, 1), nn.conv(4, 1)), images, "2,6,6,4"],
    [nn.sequential(nn.conv(5, 3), nn.flatten, nn.dense(2)), images, "2,2"],
  ];
  for (const [layer, x, shape] of expected) assertEquals(shapeOf(layer, x), shape, layer.kind);
});

Deno.test("conv() and dense() hold piece-major weights and constant biases", () => {
  const shapes = (params: Params) => leaves<Tensor>(params).map((x) => x.shape.join());
  const images = spec(1, 5, 5, 6);
  assertEquals(shapes(nn.conv(4, 3, { pieces: 2 }).init(key(0), images)), ["3,3,6,8", "8"]);
  assertEquals(shapes(nn.conv(4, 3, { groups: 2 }).init(key(0), images)), ["3,3,3,4", "4"]);
  assertEquals(shapes(nn.dense(3, { pieces: 5 }).init(key(0), spec(1, 2))), ["2,15", "15"]);
  assertEquals(value(nn.dense(2, { biasInit: -2 }).init(key(0), spec(1, 3)).b), [-2, -2]);
});

Deno.test("dense() is x w + b, and the largest of its pieces", () => {
  const w = tensor([[1, 2, -3, 4], [0, 1, 1, 1]]), b = tensor([0.5, 0, 0, -1]);
  const x = tensor([[2, 1]]);
  assertEquals(value(nn.dense(4)({ w, b }, x)), [2.5, 5, -5, 8]);
  assertEquals(value(nn.dense(2, { pieces: 2 })({ w, b }, x)), [2.5, 8]);
});

Deno.test("conv() and dense() without biases have weights only, and equal those with zero biases", () => {
  const x = filled([2, 5, 5, 3], 1), conv = nn.conv(2, 3, { bias: false, pieces: 2 });
  const params = conv.init(key(0), x), rows = filled([4, 3], 2);
  assertEquals(Object.keys(params), ["w"]);
  const zeros = { ...params, b: constant(0, [4]) };
  assertEquals(value(conv(params, x)), value(nn.conv(2, 3, { pieces: 2 })(zeros, x)));
  assertEquals(value(conv.unit.bias(params)), [0, 0, 0, 0]);
  const { w } = nn.dense(2, { bias: false }).init(key(1), rows);
  assertEquals(value(nn.dense(2, { bias: false })({ w }, rows)), value(matmul(rows, w)));
});

Deno.test("a conv() of several pieces is the largest of single ones with its slices", () => {
  const x = filled([2, 5, 4, 3], 1), layer = nn.conv(4, 3, { padding: 1, pieces: 3 });
  const { w, b } = layer.init(key(3), x), weights = evaluate([w, b]);
  const single = (piece: number) => {
    const part = (values: Float64Array) =>
      Float32Array.from(values.filter((_, i) => Math.floor(i % 12 / 4) === piece));
    const params = { w: tensor(part(weights[0]!), [3, 3, 3, 4]), b: tensor(part(weights[1]!)) };
    return value(nn.conv(4, 3, { padding: 1 })(params, x));
  };
  const pieces = [0, 1, 2].map(single);
  const largest = pieces[0]!.map((_, i) => Math.max(...pieces.map((p) => p[i]!)));
  assertClose(value(layer({ w, b }, x)), largest);
});

Deno.test("convolutions of several pieces and groups are the largest of single ones with groups", () => {
  const images = filled([2, 4, 3, 4], 1), sequences = filled([2, 7, 4], 2);
  const layers: [(channels: number, pieces: number) => nn.Layer<nn.Weights>, Tensor][] = [
    [(channels, pieces) => nn.conv(channels, 3, { padding: 1, groups: 2, pieces }), images],
    [(channels, pieces) => nn.convTranspose(channels, 2, { stride: 2, groups: 2, pieces }), images],
    [(channels, pieces) => nn.conv1d(channels, 3, { groups: 4, pieces }), sequences],
    [(channels, pieces) => nn.convTranspose1d(channels, 3, { groups: 2, pieces }), sequences],
  ];
  for (const [make, x] of layers) {
    const layer = make(4, 3), { w, b } = layer.init(key(3), x), [all] = evaluate([w]);
    const biases = [0, 1, 2].map((piece) => filled([4], 10 + piece));
    const pieces = biases.map((b, piece) => {
      const part = Float32Array.from(all!.filter((_, i) => Math.floor(i % 12 / 4) === piece));
      return value(make(4, 1)({ w: tensor(part, [...w.shape.slice(0, -1), 4]), b }, x));
    });
    const largest = pieces[0]!.map((_, i) => Math.max(...pieces.map((p) => p[i]!)));
    assertEquals(b.shape, [12]);
    assertClose(value(layer({ w, b: concat(biases) }, x)), largest, {}, layer.kind);
  }
});

Deno.test("conv() with groups is one convolution a group", () => {
  const x = filled([1, 4, 4, 4], 1), layer = nn.conv(6, 3, { groups: 2 });
  const { w, b } = layer.init(key(0), x);
  const both = value(layer({ w, b }, x)), images = value(x), weights = value(w);
  const group = (g: number) => {
    const half = (values: number[], size: number) =>
      tensor(Float32Array.from(values.filter((_, i) => Math.floor(i % (2 * size) / size) === g)));
    const params = {
      w: tensor(half(weights, 3).data!, [3, 3, 2, 3]),
      b: tensor([0, 0, 0]),
    };
    return value(nn.conv(3, 3)(params, tensor(half(images, 2).data!, [1, 4, 4, 2])));
  };
  const apart = [group(0), group(1)];
  assertClose(
    both,
    both.map((_, i) => apart[Math.floor(i % 6 / 3)]![Math.floor(i / 6) * 3 + i % 3]!),
  );
});

Deno.test("conv1d() is conv() of images of one row", () => {
  const x = filled([2, 9, 4], 1), one = nn.conv1d(6, 3, { padding: 2, dilation: 2, groups: 2 });
  const { w, b } = one.init(key(0), x);
  const params = { w: reshape(w, [1, ...w.shape]), b };
  const row = nn.conv(6, [1, 3], { padding: [0, 2], dilation: [1, 2], groups: 2 });
  assertEquals(w.shape, [3, 2, 6]);
  assertEquals(value(one({ w, b }, x)), value(row(params, reshape(x, [2, 1, 9, 4]))));
});

Deno.test("convTranspose() scatters its weights [height, width, in / groups, out], group by group", () => {
  const x = tensor([1, 10, 100, 1000], [1, 1, 1, 4]), layer = nn.convTranspose(2, 1, { groups: 2 });
  const params = { w: tensor([1, 5, 2, 6], [1, 1, 2, 2]), b: tensor([0, 0.5]) };
  assertEquals(layer.init(key(0), x).w.shape, [1, 1, 2, 2]);
  assertEquals(value(layer(params, x)), [21, 6500.5]);
  const wide = nn.convTranspose(1, [1, 3], { stride: [1, 2], bias: false });
  const w = tensor([1, 2, 3], [1, 3, 1, 1]), pair = tensor([1, 10], [1, 1, 2, 1]);
  assertEquals(value(wide({ w }, pair)), [1, 2, 13, 20, 30]);
});

Deno.test("convTranspose() pads, strides and takes pieces as conv() does", () => {
  const x = filled([1, 3, 4, 3], 2), layer = nn.convTranspose(2, 3, { stride: 2, pieces: 2 });
  const { w, b } = layer.init(key(1), x),
    both = value(nn.convTranspose(4, 3, { stride: 2 })({ w, b }, x));
  const most = value(layer({ w, b }, x));
  assertEquals([w.shape.join(), b.shape.join()], ["3,3,3,4", "4"]);
  most.forEach((v, i) => {
    const at = Math.floor(i / 2) * 4 + i % 2;
    assertEquals(v, Math.max(both[at]!, both[at + 2]!));
  });
});

Deno.test("initializers are told the fans of convolutions of every kind", () => {
  const fans = (layer: (init: init.Initializer) => nn.Layer, x: Spec) => {
    const seen: number[] = [];
    layer((_, { fanIn, fanOut, count, shape }) => {
      seen.push(fanIn, fanOut);
      return constant(0, [count, ...shape]);
    }).init(key(0), x);
    return seen;
  };
  const images = spec(1, 8, 8, 6);
  assertEquals(fans((init) => nn.conv(4, [3, 5], { init, stride: 2 }), images), [90, 60]);
  assertEquals(fans((init) => nn.conv(6, 3, { init, groups: 6 }), images), [9, 54]);
  assertEquals(fans((init) => nn.conv1d(4, 3, { init }), spec(1, 8, 6)), [18, 12]);
  assertEquals(fans((init) => nn.convTranspose(4, 4, { init, stride: 2 }), images), [24, 64]);
  assertEquals(fans((init) => nn.convTranspose1d(4, 4, { init, stride: 2 }), spec(1, 8, 6)), [
    12,
    16,
  ]);
});

Deno.test("activations give their values", () => {
  const x = tensor([-2, -0.5, 0, 3]);
  assertEquals(value(nn.relu([], x)), [0, 0, 0, 3]);
  assertClose(value(nn.vlrelu([], x)), [-0.666, -0.1665, 0, 3]);
  assertClose(value(nn.leakyRelu(0.1)([], x)), [-0.2, -0.05, 0, 3]);
  assertClose(value(nn.tanh([], x)), [-2, -0.5, 0, 3].map(Math.tanh));
  assertClose(value(nn.sigmoid([], x)), [-2, -0.5, 0, 3].map((v) => 1 / (1 + Math.exp(-v))));
});

Deno.test("residual(), highway() and concat() join what their branches give", () => {
  const x = tensor([[1, -2]]), eye = { w: tensor([[1, 0], [0, 1]]), b: tensor([0, 0]) };
  const shifted = { w: tensor([[0, 0], [0, 0]]), b: tensor([0, Math.log(3)]) };
  assertEquals(value(nn.residual(nn.dense(2))([eye], x)), [2, -4]);
  const double = { w: tensor([[2, 0], [0, 2]]), b: eye.b };
  assertClose(value(nn.highway(nn.dense(2), nn.dense(2))([double, shifted], x)), [1.5, -3.5]);
  assertEquals(value(nn.concat(nn.dense(2), nn.relu)([double, []], x)), [2, -4, 1, 0]);
});

Deno.test("dropout() drops its rate of numbers and scales the rest, only when given a key", () => {
  const x = tensor(new Float32Array(20_000).fill(3), [100, 200]), layer = nn.dropout(0.2);
  assert(layer([], x) === x, "without a key it is the identity");
  const kept = value(layer([], x, key(5))).filter((v) => v !== 0);
  assert(kept.every((v) => Math.abs(v - 3.75) < 1e-6), "kept numbers are 3 / (1 - 0.2)");
  const deviation = Math.sqrt(20_000 * 0.2 * 0.8);
  assert(Math.abs(kept.length - 16_000) < 4 * deviation, `kept ${kept.length} of 20000`);
  assertEquals(value(layer([], x, key(5))), value(layer([], x, key(5))));
});

Deno.test("sequential() derives a separate key for each layer", () => {
  const x = tensor(new Float32Array(1000).fill(1), [10, 100]);
  const net = nn.sequential(nn.dropout(0.5), nn.dropout(0.5));
  const left = value(net([[], []], x, key(1))).filter((v) => v !== 0).length;
  assert(Math.abs(left - 250) < 60, `two independent halves leave a quarter, found ${left}`);
});

Deno.test("init() is a pure function of key and spec", () => {
  const net = nn.sequential(nn.conv(3, 3), nn.flatten, nn.dense(4)), x = spec(1, 4, 4, 2);
  const numbers = (seed: number) => leaves<Tensor>(net.init(key(seed), x)).flatMap(value);
  assertEquals(numbers(1), numbers(1));
  assert(numbers(1).some((v, i) => v !== numbers(2)[i]), "another key gives other weights");
});

Deno.test("a layer's shape error names its kind, the expected and the found shape", () => {
  const images = placeholder(spec(2, 6, 6, 3)), rows = placeholder(spec(2, 8));
  const dense = nn.dense(4), conv = nn.conv(4, 3);
  assertEquals(
    message(() => dense.init(key(0), spec(8))),
    "dense: expected f32 [batch, ..., features], found f32[8]",
  );
  assertEquals(
    message(() => dense(dense.init(key(0), rows), placeholder(spec(2, 9)))),
    "dense: expected 8 features, as its weights f32[8, 4] are for, found f32[2, 9]",
  );
  assertEquals(
    message(() => conv.init(key(0), rows)),
    "conv: expected f32 images [batch, height, width, channels], found f32[2, 8]",
  );
  assertEquals(
    message(() => conv(conv.init(key(0), images), placeholder(spec(2, 6, 6, 1)))),
    "conv: expected images of 3 channels, as its weights f32[3, 3, 3, 4] are for, found f32[2, 6, 6, 1]",
  );
  for (const pool of [nn.maxPool(2), nn.avgPool(2), nn.globalMaxPool, nn.globalAvgPool]) {
    assertEquals(
      message(() => pool([], rows)),
      `${pool.kind}: expected f32 images [batch, height, width, channels], found f32[2, 8]`,
    );
  }
  assertEquals(
    message(() => nn.flatten([], placeholder(spec(3)))),
    "flatten: expected [batch, ...], found f32[3]",
  );
  assertEquals(
    message(() => nn.residual(nn.dense(5)).init(key(0), rows)),
    "residual: expected a branch that keeps f32[2, 8], found f32[2, 5]",
  );
  assertEquals(
    message(() => nn.highway(nn.dense(8), nn.dense(1)).init(key(0), rows)),
    "highway: expected a branch that keeps f32[2, 8], found f32[2, 1]",
  );
});

Deno.test("sequential() puts the place of the layer before its message", () => {
  const inner = nn.sequential(nn.relu, nn.conv1d(4, 3)), net = nn.sequential(nn.conv(3, 3), inner);
  assertEquals(
    message(() => net.init(key(0), spec(1, 6, 6, 1))),
    "[1][1] conv1d: expected f32 sequences [batch, length, channels], found f32[1, 4, 4, 3]",
  );
  assertEquals(
    message(() => nn.sequential(nn.relu)([[], []] as never, placeholder(spec(2, 2)))),
    "sequential: expected parameters of 1 layer, found 2",
  );
});

Deno.test("layers reject invalid options", () => {
  const expected: [() => unknown, string][] = [
    [() => nn.conv(0, 3), "conv: expected channels of at least 1, found 0"],
    [() => nn.conv(4, 1.5), "conv: expected size of at least 1, found 1.5"],
    [() => nn.dense(4, { pieces: 0 }), "dense: expected pieces of at least 1, found 0"],
    [
      () => nn.conv(4, 3, { groups: 2 }).init(key(0), spec(1, 4, 4, 3)),
      "conv: expected channels that 2 groups divide, found 4 for f32[1, 4, 4, 3]",
    ],
    [
      () => nn.dense(4, { bias: -2 as never }),
      "dense: expected bias true or false, found -2; biasInit is a value",
    ],
    [
      () => nn.conv(4, 3, { bias: false, biasInit: 1 }),
      "conv: expected no biasInit without biases, found 1",
    ],
    [() => nn.dropout(1), "dropout: expected a rate from 0 to below 1, found 1"],
    [
      () => nn.maxPool(0),
      "maxPool: expected size of at least 1, an integer or two of them, found size 0",
    ],
    [() => nn.sequential(), "sequential: expected at least one layer, found none"],
  ];
  for (const [f, text] of expected) assertEquals(message(f), text);
});
