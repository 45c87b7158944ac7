/**
 * Errors lead to the line of the caller's that made them, however deep in the library they are thrown.
 */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as g from "../mod.ts";
import { addContext } from "../src/error_context.ts";

const LIBRARY = new URL("../src/", import.meta.url).href;

/** The first place of a stack that is not in the library: file name and line. */
function callersLine({ stack = "" }: Error): string {
  const places = [...stack.matchAll(/(?:file|https?):[^\s()]+:\d+(?=:\d+)/g)].map(([at]) => at);
  const outside = places.find((at) => !at.startsWith(LIBRARY)) ?? "nowhere";
  return outside.slice(outside.lastIndexOf("/") + 1);
}

const source = Deno.readTextFileSync(new URL(import.meta.url)).split("\n");

/** The first line of this file that holds a text, as {@linkcode callersLine} writes it. */
const lineOf = (text: string): string =>
  `error_context.test.ts:${source.findIndex((line) => line.includes(text)) + 1}`;

const nested = (depth: number, inner: g.Layer): g.Layer =>
  depth === 0 ? inner : g.sequential(g.nn.residual(nested(depth - 1, inner)));

const images = g.ops.constant(0, [2, 4, 4, 1]);
const wrong = g.sequential(g.nn.flatten, g.nn.dense(3), g.nn.maxPool(2));

Deno.test("an op's error begins at the caller's line", () => {
  const error = assertThrows(() => {
    g.ops.matmul(g.tensor([[1, 2]]), g.tensor([[1, 2]]));
  }, RangeError);
  assertEquals(error.message, "matmul: expected inner sizes to match, found [1, 2] × [1, 2]");
  assertEquals(callersLine(error), lineOf("g.ops.matmul(g.tensor([[1, 2]]), g.tensor([[1, 2]]))"));
});

for (const depth of [0, 1, 4]) {
  Deno.test(`the error of a net ${2 * depth} layers deep leads to the line that called it`, () => {
    const net = nested(depth, wrong);
    const error = assertThrows(() => net.init(g.key(0), images), RangeError);
    const place = "[0]".repeat(2 * depth) + "[2]";
    assertEquals(
      error.message,
      `${place} maxPool: expected f32 images [batch, height, width, channels], found f32[2, 3]`,
    );
    assert(error.stack!.startsWith(`RangeError: ${error.message}\n`), error.stack);
    assertEquals(callersLine(error), lineOf("net.init(g.key(0), images), RangeError"));
    assertEquals(error.cause, undefined);
  });
}

Deno.test("the error of a layer of the caller's leads to the line in that layer", () => {
  const own = g.nn.stateless("own", (x) => g.ops.matmul(x, x));
  const net = g.sequential(g.nn.flatten, g.sequential(own));
  const error = assertThrows(() => net.init(g.key(0), images), RangeError);
  assertEquals(
    error.message,
    "[1][0] matmul: expected inner sizes to match, found [2, 16] × [2, 16]",
  );
  assertEquals(callersLine(error), lineOf('g.nn.stateless("own"'));
});

Deno.test("lsuv() names a layer's path in branches once, and its stack shows the caller's line", () => {
  const net = g.sequential(g.nn.residual(g.sequential(g.nn.dense(4), g.nn.relu)));
  const params = net.init(g.key(0), { shape: [2, 4], dtype: "f32" });
  const x = g.ops.constant(0, [2, 5]);
  const error = assertThrows(() => g.lsuv(net.layers, params, x), RangeError);
  assert(error.message.startsWith("[0][0][0] dense: expected 4 features"), error.message);
  assertEquals(callersLine(error), lineOf("g.lsuv(net.layers, params, x), RangeError"));
});

Deno.test("an error inside jit leads to the line of the function", async () => {
  const f = (x: g.Tensor) => g.ops.reshape(x, [7]);
  const trace = async () => {
    await using run = await g.open({ device: "reference" });
    run.jit(f)(g.tensor([1, 2]));
  };
  const error = await assertRejects(trace, RangeError);
  assertEquals(callersLine(error), lineOf("g.ops.reshape(x, [7])"));
});

Deno.test("an error in a step of fit() leads to the loop over it", async () => {
  const data = g.data.procedural({ split: "train", count: 8, size: 16, channels: 1 });
  const { train } = g.data.prepareMnist(data, data);
  const net = g.sequential(g.nn.flatten, g.sequential(g.nn.dense(10)));
  const params = net.init(g.key(0), { shape: [4, 8, 8, 1], dtype: "f32" });
  await using run = await g.open({ device: "reference" });
  const options = {
    net,
    params,
    optimizer: g.optim.sgd({ learningRate: 1 }),
    train,
    batch: 4,
    epochs: 1,
  };
  const loop = async () => {
    for await (const event of g.fit(run, options)) assert(event);
  };
  const error = await assertRejects(loop, RangeError);
  assert(error.message.startsWith("[1][0] dense: expected 64 features"));
  assertEquals(callersLine(error), lineOf("of g.fit(run, options)"));
});

Deno.test("addContext() does not change a stack that shows the caller's line", () => {
  const error = new RangeError("too $& large");
  const before = error.stack!.split("\n").slice(1);
  assert(addContext(error, "[1] ") === error);
  assertEquals(error.message, "[1] too $& large");
  assertEquals(error.stack!.split("\n"), ["RangeError: [1] too $& large", ...before]);
});
