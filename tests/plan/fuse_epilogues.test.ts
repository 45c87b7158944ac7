import { assertEquals } from "@std/assert";
import { grad } from "../../src/grad.ts";
import * as ops from "../../src/ops/mod.ts";
import { buildPlan } from "../../src/plan/build.ts";
import { allStores, type Policy, readSlots, type Step } from "../../src/plan/plan.ts";
import { sizeOf } from "../../src/shape.ts";
import { placeholder, type Tensor } from "../../src/tensor.ts";
import type { Tuple } from "../../src/tuple.ts";

const POLICY: Policy = {
  access: ({ name }) => name === "sum" || name === "max" ? "any" : "direct",
  maxLoads: 8,
  maxBuffers: 24,
};

const f32 = (...shape: number[]) => placeholder({ shape, dtype: "f32" });
const [x, w, b] = [f32(2, 6, 6, 4), f32(3, 3, 4, 10), f32(10)];

const conv = (x: Tensor, w: Tensor) => ops.conv2d(x, w, { padding: 1 });
const piece = (y: Tensor, k: number) =>
  ops.slice(y, [0, 0, 0, 5 * k], [...y.shape.slice(0, 3), 5 * k + 5]);
const maxout = (y: Tensor) => ops.maximum(piece(y, 0), piece(y, 1));

function steps(inputs: readonly Tensor[], outputs: readonly Tensor[], policy = POLICY): Step[] {
  return [...buildPlan(inputs, outputs, policy).plan.steps];
}

/** What each step runs, how much of what size it stores, and how many slots it reads. */
const shown = (all: readonly Step[]) =>
  all.map((step) =>
    `${step.kernel?.op.name ?? "map"} ${step.kernel?.pieces?.count ?? 1} pieces: ` +
    `${allStores(step).length} × ${sizeOf(step.spec.shape)} of ${readSlots(step).length}`
  );

/** A layer and the gradients that come back to it from one behind. */
function layer(end: (y: Tensor) => Tensor, units: number) {
  const behind = f32(3, 3, units, 4);
  const gradients = grad(([x, w, b]: Tuple<Tensor, 3>) =>
    ops.sum(ops.tanh(conv(end(ops.add(conv(x, w), b)), behind)))
  )([x, w, b]);
  return shown(steps([x, w, b, behind], gradients));
}

Deno.test("fuseEpilogues() stores maxout's largest piece and its mask, fuseConcat() the gradients of both pieces", () => {
  const all = layer(maxout, 5);
  assertEquals(all[0], "conv2d 2 pieces: 2 × 360 of 3");
  assertEquals(all[2], "conv2dInputGradient 1 pieces: 1 × 720 of 3");
  assertEquals(all.filter((s) => s.startsWith("map")), []);
});

Deno.test("fuseEpilogues() stores a rectifier's output and its mask", () => {
  const all = layer((y) => ops.maximum(y, 0), 10);
  assertEquals(all[0], "conv2d 1 pieces: 2 × 720 of 3");
  assertEquals(all.filter((s) => s.startsWith("map")), []);
});

Deno.test("fuseEpilogues() stores only outputs where there is no gradient", () => {
  const y = maxout(ops.add(conv(x, w), b));
  assertEquals(shown(steps([x, w, b], [y])), ["conv2d 2 pieces: 1 × 360 of 3"]);
  const { maxBuffers: _, ...plain } = POLICY;
  assertEquals(shown(steps([x, w, b], [y], plain)), [
    "conv2d 1 pieces: 1 × 720 of 2",
    "map 1 pieces: 1 × 360 of 2",
  ]);
});

Deno.test("fuseEpilogues() does not fuse a result that is an output or read directly by a kernel", () => {
  const y = conv(x, w), other = f32(3, 3, 10, 2);
  assertEquals(shown(steps([x, w], [y, maxout(y)])).length, 2);
  const all = steps([x, w, other], [maxout(y), conv(y, other)]);
  assertEquals(all.filter((s) => s.kernel?.pieces), []);
});

Deno.test("fuseEpilogues() does not fuse pieces that depend on later values", () => {
  const y = conv(x, w), mean = ops.sum(y);
  const all = steps([x, w], [mean, ops.maximum(piece(ops.sub(y, mean), 0), piece(y, 1))]);
  assertEquals(all.some((s) => s.kernel?.op.name === "conv2d" && s.kernel.pieces), false);
});

Deno.test("fuseEpilogues() respects the device's limit on bound buffers", () => {
  const all = steps([x, w, b], [maxout(ops.add(conv(x, w), b))], { ...POLICY, maxBuffers: 8 });
  assertEquals(shown(all).length, 2);
});

Deno.test("fuseEpilogues() does not confuse another kernel's result with its own", () => {
  const y = ops.exp(f32(4, 600)), total = ops.sum(y, 1);
  const all = steps([y.args[0]!], [ops.log(total), ops.div(ops.sum(ops.neg(y), 1), total)]);
  for (const step of all) assertEquals(readSlots(step).includes(step.slot), false);
  assertEquals(shown(all).filter((s) => s.startsWith("sum")).length, 2);
});

Deno.test("fuseConcat() fuses a kernel with the step that splits its result into pieces", () => {
  const mask = f32(2, 6, 6, 4), y = conv(x, f32(3, 3, 4, 4));
  const [weight] = y.args.slice(1) as Tuple<Tensor, 1>;
  const pieces = ops.concat([ops.mul(y, mask), ops.sub(y, ops.mul(y, mask))], 3);
  assertEquals(shown(steps([x, weight, mask], [pieces])), ["conv2d 1 pieces: 1 × 576 of 3"]);
  assertEquals(shown(steps([x, weight, mask], [pieces, ops.sum(y)])).length, 3);
});

Deno.test("fuseConcat() does not fuse a result that is read in another order", () => {
  const y = conv(x, f32(3, 3, 4, 4)), [weight] = y.args.slice(1) as Tuple<Tensor, 1>;
  const pieces = ops.concat([ops.tanh(y), ops.transpose(y, [0, 2, 1, 3])], 3);
  assertEquals(shown(steps([x, weight], [pieces])).length, 2);
});
