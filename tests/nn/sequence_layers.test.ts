/**
 * Layers of sequences and tokens: shapes, derivatives, masks, cells, and what LSUV does to them.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import * as init from "../../src/init/mod.ts";
import * as nn from "../../src/nn/mod.ts";
import { concat, constant, reshape, slice, stack } from "../../src/ops/mod.ts";
import { key, normal } from "../../src/random.ts";
import type { Shape } from "../../src/shape.ts";
import type { Spec } from "../../src/spec.ts";
import { type Params, placeholder, type Tensor, tensor } from "../../src/tensor.ts";
import { leaves } from "../../src/tree.ts";
import { assertClose, filled, forEachDevice } from "../devices.ts";
import { assertDerivatives } from "./differences.ts";

const spec = (...shape: number[]): Spec => ({ shape, dtype: "f32" });
const tokens = (...shape: number[]): Spec => ({ shape, dtype: "i32" });
const value = (x: Tensor): number[] => [...evaluate([x])[0]!];
const message = (f: () => unknown): string => assertThrows(f, Error).message;

Deno.test("layers of sequences have the shapes that their options imply", () => {
  const x = spec(2, 7, 6);
  const expected: [nn.Layer, Spec, string][] = [
    [nn.dense(5), x, "2,7,5"],
    [nn.dense(5, { pieces: 3 }), spec(2, 3, 1, 4), "2,3,1,5"],
    [nn.embedding(11, 5), tokens(2, 7), "2,7,5"],
    [nn.embedding(3, 1), { shape: [4], dtype: "u32" }, "4,1"],
    [nn.sinusoidalPositions, x, "2,7,6"],
    [nn.learnedPositions(), x, "2,7,6"],
    [nn.attention(8, 2), x, "2,7,8"],
    [nn.attention(5, 1, { dropout: 0.5 }), x, "2,7,5"],
    [nn.attention(6, 3, { memory: filled([2, 3, 4]) }), x, "2,7,6"],
    [nn.lstm(5), x, "2,7,5"],
    [nn.gru(1), spec(1, 1, 1), "1,1,1"],
    [nn.concat(nn.gru(3), nn.gru(3, { reverse: true })), x, "2,7,6"],
    [nn.sequential(nn.lstm(5), nn.lastStep, nn.dense(2)), x, "2,2"],
    [nn.lastStep, spec(2, 7, 3, 5), "2,3,5"],
    [nn.depthwiseConv(3, { padding: 1 }), spec(2, 6, 5, 4), "2,6,5,4"],
    [nn.depthwiseConv([3, 1], { stride: 2, multiplier: 3 }), spec(2, 7, 5, 2), "2,3,3,6"],
    [nn.prelu(), x, "2,7,6"],
    [nn.maxPool1d(2), x, "2,3,6"],
    [nn.maxPool1d(3, { stride: 2, ceil: true, padding: 1 }), x, "2,4,6"],
    [nn.avgPool1d(3, { padding: "same", stride: 2 }), x, "2,4,6"],
    [nn.globalMaxPool1d, x, "2,6"],
    [nn.globalAvgPool1d, x, "2,6"],
    [nn.reshape([3, -1]), x, "2,3,14"],
  ];
  for (const [layer, x, shape] of expected) {
    assertEquals(layer(layer.init(key(0), x), placeholder(x)).shape.join(), shape, layer.kind);
  }
});

const DIFFERENTIABLE: [nn.Layer, Shape][] = [
  [nn.dense(3, { pieces: 2 }) as nn.Layer, [2, 3, 5]],
  [nn.attention(4, 2, { causal: true }) as nn.Layer, [2, 3, 5]],
  [nn.attention(3, 3, { padding: tensor([[1, 0], [1, 1]], [2, 2], "u32") }) as nn.Layer, [2, 2, 1]],
  [nn.lstm(3) as nn.Layer, [2, 3, 2]],
  [nn.gru(2, { reverse: true }) as nn.Layer, [1, 3, 5]],
  [nn.depthwiseConv(2, { multiplier: 2 }) as nn.Layer, [2, 3, 5, 3]],
  [nn.learnedPositions() as nn.Layer, [2, 3, 5]],
  [nn.prelu() as nn.Layer, [2, 7]],
  [nn.elu(0.7), [5, 3]],
  [nn.selu, [13]],
  [nn.silu, [13]],
  [nn.softplus, [13]],
  [nn.mish, [2, 7]],
  [nn.hardSwish, [7]],
];
for (const [layer, shape] of DIFFERENTIABLE) {
  Deno.test(`the derivatives of ${layer.kind}() of ${shape.join(" × ")} are those of differences`, () => {
    assertDerivatives(layer, shape);
  });
}

Deno.test("pooling over sequences is that over images of one row", () => {
  const x = filled([2, 7, 3], 1), image = reshape(x, [2, 1, 7, 3]);
  const options = { stride: 2, padding: [1, 0] as const };
  const row = { stride: [1, 2] as const, padding: [[0, 0], [1, 0]] as const };
  assertEquals(value(nn.maxPool1d(3, options)([], x)), value(nn.maxPool([1, 3], row)([], image)));
  assertEquals(value(nn.avgPool1d(3, options)([], x)), value(nn.avgPool([1, 3], row)([], image)));
  assertEquals(value(nn.globalAvgPool1d([], x)), value(nn.globalAvgPool([], image)));
  assertEquals(value(nn.globalMaxPool1d([], x)), value(nn.globalMaxPool([], image)));
});

Deno.test("embedding() gathers rows of its table", () => {
  const layer = nn.embedding(4, 2), at = tensor([[3, 0], [1, 3]], [2, 2], "i32");
  const w = tensor([[0, 1], [2, 3], [4, 5], [6, 7]]);
  assertEquals(value(layer({ w }, at)), [6, 7, 0, 1, 2, 3, 6, 7]);
});

Deno.test("learnedPositions() adds the first rows of its table to shorter sequences", () => {
  const w = tensor([[1], [2], [4]]), layer = nn.learnedPositions();
  assertEquals(value(layer({ w }, constant(0, [2, 2, 1]))), [1, 2, 1, 2]);
});

Deno.test("a step of causal attention does not depend on later ones", () => {
  const layer = nn.attention(4, 2, { causal: true }), x = filled([1, 5, 4], 1);
  const params = layer.init(key(0), x);
  const other = concat([slice(x, [0, 0], [1, 3]), filled([1, 2, 4], 2)], 1);
  const [a, b] = [x, other].map((x) => value(slice(layer(params, x), [0, 0], [1, 3])));
  assertClose(a!, b!);
});

Deno.test("padded steps are not seen, and a sequence without steps gives the output's biases", () => {
  const x = filled([2, 4, 6], 1), padding = tensor([[1, 1, 0, 0], [0, 0, 0, 0]], [2, 4], "i32");
  const params = nn.attention(6, 3).init(key(0), x);
  const masked = nn.attention(6, 3, { padding })(params, x);
  const alone = nn.attention(6, 3)(params, slice(x, [0, 0], [1, 2]));
  assertClose(value(slice(masked, [0, 0], [1, 2])), value(alone));
  assertEquals(value(slice(masked, [1], [2])), new Array(24).fill(0));
});

Deno.test("attention() to memory takes keys and values from it", () => {
  const x = filled([1, 2, 4], 1), memory = filled([1, 1, 4], 2);
  const params = nn.attention(4, 2).init(key(0), x), [, , v, o] = params;
  const y = nn.attention(4, 2, { memory })(params, x);
  const row = nn.dense(4)(o, nn.dense(4)(v, memory));
  // One key gets all the weight.
  assertClose(value(y), value(concat([row, row], 1)));
});

Deno.test("attention weights are dropped only with a key", () => {
  const layer = nn.attention(4, 1, { dropout: 0.5 }), x = filled([1, 7, 4], 1);
  const params = layer.init(key(0), x), plain = value(nn.attention(4, 1)(params, x));
  assertEquals(value(layer(params, x)), plain);
  assert(value(layer(params, x, key(1))).some((y, i) => y !== plain[i]));
});

Deno.test("cells are steps of their layers", () => {
  const x = filled([2, 5, 3], 1), zero = constant(0, [2, 4]);
  const step = (i: number) => reshape(slice(x, [0, i], [2, i + 1]), [2, 3]);
  const lstm = nn.lstm(4).init(key(0), x), gru = nn.gru(4).init(key(1), x);
  let state: nn.LstmState = { h: zero, c: zero }, h = zero;
  const outputs: Tensor[] = [], units: Tensor[] = [];
  for (let i = 0; i < 5; i++) {
    outputs.push((state = nn.lstmCell(lstm, state, step(i))).h);
    units.push(h = nn.gruCell(gru, h, step(i)));
  }
  assertClose(value(stack(outputs, 1)), value(nn.lstm(4)(lstm, x)));
  assertClose(value(stack(units, 1)), value(nn.gru(4)(gru, x)));
});

Deno.test("lstm() starts with orthonormal gates and an open forget gate", () => {
  const { w, v, b } = nn.lstm(3).init(key(0), spec(1, 1, 5));
  assertEquals([w.shape, v.shape], [[5, 12], [3, 12]]);
  assertEquals(value(b), [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
  const gate = value(slice(v, [0, 3], [3, 6]));
  const gram = [0, 1, 2].flatMap((i) =>
    [0, 1, 2].map((j) => [0, 1, 2].reduce((sum, k) => sum + gate[3 * k + i]! * gate[3 * k + j]!, 0))
  );
  assertClose(gram, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
});

Deno.test("depthwiseConv() is conv() of as many groups as channels", () => {
  const x = filled([2, 5, 4, 3], 1), options = { padding: 1, stride: [1, 2] as const };
  const layer = nn.depthwiseConv(3, { ...options, multiplier: 2 }), params = layer.init(key(0), x);
  const grouped = nn.conv(6, 3, { ...options, groups: 3 });
  assertEquals(value(params.w), value(grouped.init(key(0), x).w));
  assertEquals(value(layer(params, x)), value(grouped(params, x)));
});

forEachDevice("LSUV brings every unit of layers of sequences to unit variance", async (run) => {
  const net = nn.sequential(
    nn.embedding(20, 8, { init: init.gaussian(3) }),
    nn.sinusoidalPositions,
    nn.residual(nn.sequential(nn.layerNorm(), nn.attention(8, 2, { causal: true }))),
    nn.dense(6),
    nn.gru(4, { init: init.gaussian(0.01) }),
    nn.lstm(5),
    nn.lastStep,
    nn.dense(3),
  );
  const at = tensor(Int32Array.from({ length: 96 }, (_, i) => (i * i + 3 * i) % 20), [16, 6]);
  const options = { tolerance: 1e-3 }, start = net.init(key(0), at);
  const [params, report] = init.lsuvWithReport(net, start, at, options);
  const named = await run.read(report);
  const found = Object.entries(named.units).map(([name, { after }]) =>
    [name, after.length] as const
  );
  assertEquals(found, [
    ["[0] embedding", 1],
    ["[2][0][1][0] dense", 1],
    ["[2][0][1][1] dense", 1],
    ["[2][0][1][2] dense", 1],
    ["[2][0][1][3] dense", 1],
    ["[3] dense", 1],
    ["[4] gru", 3],
    ["[5] lstm", 4],
    ["[7] dense", 1],
  ]);
  const variances = await run.read(init.variances(net, params, at));
  for (const each of variances) {
    for (const variance of each) assertClose([variance], [1], { relative: 2e-3 });
  }
}, { devices: ["reference", "cpu"] });

for (const normalize of ["activation", "input"] as const) {
  Deno.test(`LSUV with normalize: "${normalize}" measures recurrent layers`, () => {
    const net = nn.sequential(nn.lstm(6), nn.gru(5), nn.lastStep, nn.dense(3)),
      x = normal(key(1), [32, 4, 3]);
    const params = init.lsuv(net, net.init(key(0), x), x, { normalize });
    for (const w of leaves<Tensor>(params as Params)) assert(value(w).every(Number.isFinite));
  });
}

Deno.test("errors of layers of sequences name what was expected and found", () => {
  const x = placeholder(spec(2, 3, 4)), rows = placeholder(spec(2, 4));
  const lstm = nn.lstm(3), at = tensor([0, 5], [1, 2], "i32");
  const expected: [() => unknown, string][] = [
    [() => nn.embedding(0, 2), "embedding: expected count of at least 1, found 0"],
    [
      () => nn.embedding(5, 2).init(key(0), x),
      "embedding: expected i32 or u32 tokens, found f32[2, 3, 4]",
    ],
    [
      () => nn.embedding(5, 2)({ w: filled([5, 2]) }, at),
      "embedding: expected tokens from 0 to 4, found 5 at 1",
    ],
    [() => nn.maxPool1d(0), "maxPool1d: expected size of at least 1, found 0"],
    [
      () => nn.avgPool1d(2)([], rows),
      "avgPool1d: expected f32 sequences [batch, length, channels], found f32[2, 4]",
    ],
    [
      () => nn.reshape([5, -1])([], x),
      "reshape: expected sizes that divide the 24 elements of [2, 3, 4], found 10",
    ],
    [() => nn.reshape(5 as never), "reshape: expected an array of integers, found shape 5"],
    [() => nn.attention(5, 2), "attention: expected features that 2 heads divide, found 5"],
    [
      () => nn.attention(4, 2, { dropout: 1 }),
      "attention: expected a rate from 0 to below 1, found 1",
    ],
    [
      () => nn.attention(4, 2, { mask: x }),
      "attention: expected masks of u32 or i32, found f32[2, 3, 4]",
    ],
    [
      () => nn.attention(4, 2, { padding: at as never }).init(key(0), x),
      "attention: expected shapes that broadcast together, found",
    ],
    [
      () => nn.attention(4, 2).init(key(0), rows),
      "attention: expected f32 sequences [batch, time, features], found f32[2, 4]",
    ],
    [
      () => lstm.init(key(0), rows),
      "lstm: expected f32 sequences [batch, time, features], found f32[2, 4]",
    ],
    [
      () => lstm(lstm.init(key(0), x), placeholder(spec(2, 3, 5))),
      "lstm: expected 4 features, as its weights f32[4, 12] are for, found f32[3, 2, 5]",
    ],
    [
      () => nn.lastStep([], placeholder(spec(3))),
      "lastStep: expected [batch, time, ...], found f32[3]",
    ],
    [
      () => nn.learnedPositions()({ w: filled([2, 4]) }, x),
      "learnedPositions: expected sequences of at most [2, 4], as its weights, found f32[2, 3, 4]",
    ],
    [
      () => nn.depthwiseConv(3).init(key(0), x),
      "depthwiseConv: expected f32 images [batch, height, width, channels], found f32[2, 3, 4]",
    ],
    [
      () => nn.depthwiseConv(3, { multiplier: 0 }),
      "depthwiseConv: expected multiplier of at least 1, found 0",
    ],
    [
      () => nn.softmaxCrossEntropy(placeholder(spec(2, 4, 4, 3)), tensor([0, 1], [2], "i32")),
      "f32[2, 4, 4, 3] and i32[2]; a net for images flattens or pools them before its last layer",
    ],
  ];
  for (const [f, text] of expected) {
    assert(message(f).includes(text), `${text}\nfound: ${message(f)}`);
  }
});
