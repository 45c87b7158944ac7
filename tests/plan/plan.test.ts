import { assert, assertEquals, assertThrows } from "@std/assert";
import { grad } from "../../src/grad.ts";
import {
  add,
  cast,
  concat,
  conv2d,
  div,
  exp,
  greater,
  matmul,
  max,
  maximum,
  maxPool2d,
  mean,
  mul,
  neg,
  reshape,
  softmax,
  sub,
  sum,
  tanh,
  transpose,
  where,
} from "../../src/ops/mod.ts";
import { buildPlan } from "../../src/plan/build.ts";
import { assignBuffers } from "../../src/plan/buffer_assignment.ts";
import { type Policy, readSlots } from "../../src/plan/plan.ts";
import { showPlan } from "../../src/plan/show.ts";
import { placeholder, type Tensor } from "../../src/tensor.ts";

const POLICY: Policy = {
  access: ({ name }) => /conv|Pool/.test(name) ? "direct" : name === "matmul" ? "view" : "any",
  maxLoads: 8,
};

const f32 = (...shape: number[]) => placeholder({ shape, dtype: "f32" });

/** The labels of the steps that a function becomes. */
function steps(inputs: readonly Tensor[], ...outputs: Tensor[]): string[] {
  return buildPlan(inputs, outputs, POLICY).plan.steps.map((s) => s.label);
}

const x = f32(4, 8), w = f32(8, 6), b = f32(6);

Deno.test("buildPlan() makes one step of elementwise ops", () => {
  assertEquals(steps([x], tanh(mul(add(x, 1), x))), ["tanh mul add"]);
});

Deno.test("buildPlan() finishes a kernel in its own step", () => {
  assertEquals(steps([x, w, b], maximum(add(matmul(x, w), b), 0)), [
    "matmul maximum add broadcastTo",
  ]);
});

Deno.test("buildPlan() feeds a reduction without storing its argument", () => {
  assertEquals(steps([x], sum(mul(x, x))), ["[mul] sum"]);
});

Deno.test("buildPlan() reads a transposed matrix in place", () => {
  assertEquals(steps([x, w], matmul(transpose(w), transpose(x))), ["[transpose transpose] matmul"]);
});

Deno.test("buildPlan() stores what a kernel rereads", () => {
  assertEquals(steps([x, w], matmul(tanh(x), w)), ["tanh", "matmul"]);
});

Deno.test("buildPlan() stores an expensive value that two steps need, and repeats a cheap one", () => {
  const wide = f32(16, 16), expensive = exp(wide), cheap = add(wide, 1);
  assertEquals(steps([wide], sum(expensive, 0), sum(expensive, 1)), ["exp", "sum", "sum"]);
  assertEquals(steps([wide], sum(cheap, 0), sum(cheap, 1)), ["[add] sum", "[add] sum"]);
});

Deno.test("buildPlan() does not repeat expensive work along a broadcast axis", () => {
  const row = exp(f32(8));
  assertEquals(steps([x, row.args[0]!], mul(x, row)), ["exp", "mul broadcastTo"]);
});

Deno.test("buildPlan() computes a reduction of few elements where it is used", () => {
  const y = f32(4, 2, 8);
  assertEquals(steps([y], max(y, 1)), ["maximum slice slice"]);
});

Deno.test("buildPlan() finishes one kernel of two that meet", () => {
  const other = f32(8, 6), y = add(matmul(x, w), matmul(x, other));
  assertEquals(steps([x, w, other], y).sort(), ["matmul", "matmul add"]);
});

Deno.test("buildPlan() keeps an output that another step also needs", () => {
  const y = tanh(x);
  assertEquals(steps([x], y, exp(y)), ["tanh", "exp"]);
});

Deno.test("buildPlan() copies an output that is a view", () => {
  assertEquals(steps([x], transpose(x)), ["transpose"]);
  assertEquals(steps([x], reshape(x, [32])), ["copy"]);
});

Deno.test("buildPlan() stores a convolution's argument, but reads a reshaped one in place", () => {
  const image = f32(1, 8, 8, 4), weight = f32(3, 3, 4, 4), flat = f32(256);
  assertEquals(steps([image, weight], conv2d(tanh(image), weight)), ["tanh", "conv2d"]);
  assertEquals(steps([flat, weight], conv2d(reshape(flat, [1, 8, 8, 4]), weight)), ["conv2d"]);
});

Deno.test("buildPlan() splits a step that would read more than the device can bind", () => {
  const many = Array.from({ length: 30 }, () => f32(5));
  const { plan } = buildPlan(many, [many.reduce(add)], POLICY);
  assert(plan.steps.length >= 5);
  for (const step of plan.steps) assert(readSlots(step).length <= POLICY.maxLoads);
});

Deno.test("buildPlan() schedules a weight's gradient right after its cotangent", () => {
  const weights = [f32(8, 8), f32(8, 8), f32(8, 8)];
  const loss = (p: readonly Tensor[]) => sum(p.reduce((h, w) => tanh(matmul(h, w)), x));
  const g = grad(loss)(weights) as Tensor[];
  const slots = buildPlan([x, ...weights], g, POLICY).plan;
  const order = slots.steps.map((s) => slots.slots[s.slot]).filter((s) => s!.kind === "output");
  assertEquals(order.map((s) => s!.index), [2, 1, 0]);
});

Deno.test("showPlan() prints a step a line with reads, flops and bytes", () => {
  const rows = f32(4, 16);
  const { plan } = buildPlan([rows, b], [softmax(rows)], POLICY);
  assertEquals(
    showPlan(plan),
    `  0  t3 f32[4, 1] = max(in0)  64 flops, 272 bytes
  1  t4 f32[4, 16] = exp sub broadcastTo(in0, t3)  128 flops, 528 bytes
  2  t5 f32[4, 1] = sum div(t4)  68 flops, 272 bytes
  3  out0 f32[4, 16] = mul broadcastTo(t4, t5)  64 flops, 528 bytes`,
  );
});

Deno.test("factors that are the same along summed axes of a gradient are applied to the sum", () => {
  const rows = f32(4, 16), weights = f32(4, 16), scale = f32(4, 1);
  const byScale = (f: (s: Tensor) => Tensor) =>
    steps([rows, weights, scale], grad((s: Tensor) => sum(mul(f(s), weights)))(scale));
  assertEquals(byScale((s) => mul(rows, s)), ["[mul] sum"]);
  assertEquals(byScale((s) => div(mul(rows, 3), s)), ["[mul] sum neg div div mul"]);
  assertEquals(byScale((s) => mul(mul(neg(rows), s), scale)), ["[mul] sum neg mul"]);
  assertEquals(byScale((s) => add(rows, s)), ["sum"]);
});

Deno.test("buildPlan() computes once what two steps would compute from the same slots", () => {
  const rows = f32(4, 16), over = f32(4, 16);
  const meanOf = (y: Tensor) => mean(y, -1, { keep: true });
  const twice = [sub(rows, meanOf(rows)), mul(rows, meanOf(rows))];
  assertEquals(steps([rows], ...twice).filter((label) => label.includes("sum")).length, 1);
  const others = [sub(rows, meanOf(rows)), mul(over, meanOf(over))];
  assertEquals(steps([rows, over], ...others).filter((label) => label.includes("sum")).length, 2);
  // An output is stored of its own.
  assertEquals(steps([rows], meanOf(rows), meanOf(rows)), ["sum", "mul", "mul"]);
});

Deno.test("assignBuffers() shares memory between values with disjoint lifetimes", () => {
  const { sizes, bufferOf } = assignBuffers([
    { bytes: 100, first: 0, last: 1 },
    { bytes: 50, first: 1, last: 2 },
    { bytes: 80, first: 2, last: 3 },
    { bytes: 40, first: 3, last: 4 },
  ]);
  assertEquals(sizes, [100, 50]);
  assertEquals(bufferOf, [0, 1, 0, 1]);
});

Deno.test("buildPlan() names the op that cannot be split", () => {
  const image = f32(1, 4, 4, 1), y = maxPool2d(image, 2);
  assertThrows(
    () => buildPlan([image], [y], { ...POLICY, maxLoads: 0 }),
    RangeError,
    "maxPoolSelect that cannot be split",
  );
});

Deno.test("buildPlan() fuses a mask and what it masks", () => {
  const g = f32(4, 8);
  assertEquals(steps([x, g], where(greater(x, 0), g, 0)), ["where less"]);
  assertEquals(steps([x], mean(cast(greater(x, sub(x, 1)), "f32"))), ["[cast less sub] sum mul"]);
  assertEquals(steps([x, g], concat([x, g])), ["add pad pad"]);
});
