import { assert, assertEquals } from "@std/assert";
import { add, exp, matmul, mul, reshape, sub, sum, tanh, transpose } from "../../src/ops/mod.ts";
import { buildPlan } from "../../src/plan/build.ts";
import { allStores, type Policy, readSlots, type Step } from "../../src/plan/plan.ts";
import { placeholder, type Tensor } from "../../src/tensor.ts";

const POLICY: Policy = { access: () => "any", maxLoads: 8, maxBuffers: 16 };

const f32 = (...shape: number[]) => placeholder({ shape, dtype: "f32" });

function steps(inputs: readonly Tensor[], outputs: readonly Tensor[], policy = POLICY): Step[] {
  return [...buildPlan(inputs, outputs, policy).plan.steps];
}

const counts = (all: readonly Step[]) =>
  all.map((step) => [readSlots(step).length, allStores(step).length]);

const [w, v, g] = [f32(60, 4), f32(60, 4), f32(60, 4)];
// Dear, so that it is stored unless its two users are one step.
const speed = exp(add(mul(v, 0.9), tanh(g)));

Deno.test("fuseElementwise() fuses an update with its state into one step without further stores", () => {
  assertEquals(counts(steps([w, v, g], [sub(w, speed), mul(speed, 2)])), [[3, 2]]);
  const { maxBuffers: _, ...alone } = POLICY;
  assertEquals(steps([w, v, g], [sub(w, speed), mul(speed, 2)], alone).length, 3);
});

Deno.test("fuseElementwise() stores a value that another step needs too", () => {
  const all = steps([w, v, g], [sub(w, speed), mul(speed, 2), sum(speed, 0)]);
  assertEquals(all.map((step) => step.kernel?.op.name), [undefined, "sum", undefined]);
  assertEquals(counts(all), [[2, 1], [1, 1], [2, 2]]);
});

Deno.test("fuseElementwise() does not fuse a value that is read at another index", () => {
  const square = f32(4, 4), expensive = exp(square);
  assertEquals(counts(steps([square], [add(expensive, 1), sub(transpose(expensive), 1)])), [
    [1, 1],
    [1, 1],
    [
      1,
      1,
    ],
  ]);
});

Deno.test("fuseElementwise() stores what a step reads at other indices rather than repeats it", () => {
  // The square's powers, from which a value is made that is read transposed beside them.
  const square = f32(4, 4), power = exp(square), turned = tanh(mul(power, square));
  const all = steps([square], [sub(power, 1), add(power, add(turned, transpose(turned)))]);
  const names = all.map(({ label }) => label.split(" ").filter((name) => name === "exp").length);
  assertEquals(names, [1, 0]);
  assertEquals(counts(all), [[1, 3], [2, 1]]);
});

Deno.test("fuseElementwise() joins outputs that read the same elements, and no others", () => {
  assertEquals(counts(steps([w, v], [add(w, 1), mul(w, v)])), [[2, 2]]);
  assertEquals(counts(steps([w, v], [add(w, 1), add(v, 1)])), [[1, 1], [1, 1]]);
  assertEquals(counts(steps([w], [add(w, 1), reshape(mul(w, 2), [240])])), [[1, 2]]);
  assertEquals(counts(steps([w], [add(w, 1), transpose(w)])), [[1, 1], [1, 1]]);
});

Deno.test("fuseElementwise() does not join steps of which one waits for the other through a third", () => {
  const x = f32(4, 4), y = exp(x), z = exp(matmul(add(y, 1), x));
  const all = steps([x], [add(y, x), mul(z, x)]);
  const last = all.findIndex((step) =>
    readSlots(step).length === 2 && allStores(step).length === 1
  );
  assert(last > 0);
  const stored = new Set<number>();
  for (const step of all) {
    for (const slot of readSlots(step)) assert(slot === 0 || stored.has(slot));
    for (const { slot } of allStores(step)) stored.add(slot);
  }
});

Deno.test("fuseElementwise() reads no more than a policy allows", () => {
  const many = Array.from({ length: 6 }, () => f32(5)), x = f32(5), y = exp(x);
  const outputs = many.map((each) => add(each, y));
  for (const most of [2, 3, 5, 8]) {
    const policy = { ...POLICY, maxLoads: most, maxBuffers: 2 * most + 3 };
    for (const step of steps([x, ...many], outputs, policy)) {
      assert(readSlots(step).length <= most);
      assert(2 * readSlots(step).length + allStores(step).length <= policy.maxBuffers);
    }
  }
  assertEquals(counts(steps([x, ...many], outputs, { ...POLICY, maxBuffers: 20 })), [[7, 6]]);
});

Deno.test("fuseElementwise() fuses no outputs around a kernel that needs the one for the other", () => {
  const x = f32(4, 4), a = tanh(x), product = matmul(a, x);
  const all = steps([x], [a, mul(transpose(product), x)]);
  assertEquals(all.map(({ kernel }) => kernel?.op.name), [undefined, "matmul", undefined]);
  const stored = new Set([0]);
  for (const step of all) {
    for (const slot of readSlots(step)) assert(stored.has(slot), `${step.label} reads ${slot}`);
    for (const { slot } of allStores(step)) stored.add(slot);
  }
});
