/**
 * What steps are called and do, for profiles.
 */
import { assertEquals } from "@std/assert";
import { conv2d, exp, maximum, sub } from "../../src/ops/mod.ts";
import { buildPlan } from "../../src/plan/build.ts";
import type { Policy } from "../../src/plan/plan.ts";
import { showShapes, stepCost } from "../../src/plan/cost.ts";
import { placeholder, type Tensor } from "../../src/tensor.ts";

const f32 = (...shape: number[]) => placeholder({ shape, dtype: "f32" });
const policy: Policy = { access: () => "any", maxLoads: 8 };

const worksOf = (inputs: readonly Tensor[], output: Tensor) => {
  const { plan } = buildPlan(inputs, [output], policy);
  return plan.steps.map((step) => stepCost(plan, step));
};

Deno.test("showShapes() shows the shapes of inputs and outputs", () => {
  assertEquals(
    showShapes([[8, 4, 4, 3], [3, 3, 3, 16]], [8, 4, 4, 16]),
    "8×4×4×3, 3×3×3×16 → 8×4×4×16",
  );
  assertEquals(showShapes([[5]], []), "5 → 1");
  assertEquals(showShapes([], [2, 3]), "2×3");
});

Deno.test("stepCost() counts operations of a kernel and of fused work, and each value's bytes", () => {
  const x = f32(2, 8, 8, 3), w = f32(3, 3, 3, 5), b = f32(2, 8, 8, 5);
  const y = maximum(sub(conv2d(x, w, { padding: 1 }), b), 0);
  assertEquals(worksOf([x, w, b], y), [{
    kernel: "conv2d maximum sub",
    shape: "2×8×8×3, 3×3×3×5 → 2×8×8×5",
    flops: 2 * (2 * 8 * 8 * 5) * (3 * 3 * 3) + 2 * (2 * 8 * 8 * 5),
    bytes: 4 * (x.size + w.size + 2 * b.size),
  }]);
});

Deno.test("stepCost() counts an elementwise step per stored element", () => {
  const x = f32(4, 5);
  assertEquals(worksOf([x], exp(sub(x, 1))), [
    { kernel: "exp sub", shape: "4×5", flops: 40, bytes: 160 },
  ]);
});

Deno.test("stepCost() counts the bytes of every result of a step", () => {
  const x = f32(4, 5), update = { ...policy, maxBuffers: 16 };
  const { plan } = buildPlan([x], [exp(x), sub(x, 1)], update);
  assertEquals(plan.steps.map((step) => stepCost(plan, step).bytes), [4 * (20 + 2 * 20)]);
});
