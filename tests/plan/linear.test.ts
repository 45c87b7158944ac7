/**
 * Passes over deep plans look at each step about as often, however many there are.
 */
import { assert } from "@std/assert";
import { tileSteps } from "../../src/device/cpu/tiling/tiled_steps.ts";
import { grad } from "../../src/grad.ts";
import { SCALAR_OPS } from "../../src/ops/scalar.ts";
import { add, matmul, maximum, mul, sigmoid, sub, sum, tanh } from "../../src/ops/mod.ts";
import { buildPlan } from "../../src/plan/build.ts";
import { fuseElementwise } from "../../src/plan/fuse_elementwise.ts";
import type { Expr } from "../../src/plan/expr.ts";
import type { Plan, Policy, Slot, Step } from "../../src/plan/plan.ts";
import { placeholder, type Tensor } from "../../src/tensor.ts";
import { topological } from "../../src/graph.ts";

/** Steps before fusion, and the policy to fuse them by. */
const UNFUSED: Policy = { access: () => "any", maxLoads: 32 },
  FUSED = { ...UNFUSED, maxBuffers: 80 };

const f32 = (...shape: readonly number[]) => placeholder({ shape, dtype: "f32" });

const inputsOf = (outputs: readonly Tensor[]) =>
  topological(outputs).filter(({ op }) => op.kind === "leaf");

const planOf = (outputs: readonly Tensor[], policy: Policy): Plan =>
  buildPlan(inputsOf(outputs), outputs, policy).plan;

/**
 * A plan of n temporaries, each read by a step of a chain of outputs and by an output that comes after all of
 * them, as the reports of an initialization do.
 */
function lateReaders(n: number): Plan {
  const slots: Slot[] = [], steps: Step[] = [], last: Step[] = [], spec = f32(), args = { size: 1 };
  const slot = (kind: Slot["kind"]) =>
    slots.push({ shape: [], dtype: "f32", kind, index: slots.length }) - 1;
  const load = (slot: number): Expr => ({ kind: "load", slot, dtype: "f32", ...args });
  const map = (op: keyof typeof SCALAR_OPS, ...of: readonly Expr[]): Expr => ({
    kind: "map",
    op: SCALAR_OPS[op],
    attrs: {},
    args: of,
    dtype: "f32",
    ...args,
  });
  const step = (store: Expr, slot: number): Step => ({ label: "", spec, store, slot });
  let before = slot("input");
  for (let i = 0; i < n; i++) {
    const own = slot("temporary"), next = slot("output");
    steps.push(step(map("exp", load(slot("input"))), own));
    steps.push(step(map("add", load(before), load(own)), next));
    last.push(step(map("neg", load(own)), slot("output")));
    before = next;
  }
  return { slots, steps: [...steps, ...last] };
}

/** The gradients of an MLP of n highway layers with biases. */
function highwayGradients(n: number): readonly Tensor[] {
  const x = f32(8, 16), weights = Array.from({ length: 2 * n }, () => [f32(16, 16), f32(16)]);
  return grad((w: readonly Tensor[]) => {
    const affine = (y: Tensor, i: number) => add(matmul(y, w[2 * i]!), w[2 * i + 1]!);
    let y: Tensor = x;
    for (let i = 0; i < n; i++) {
      const open = sigmoid(affine(y, 2 * i));
      y = add(mul(open, maximum(affine(y, 2 * i + 1), 0)), mul(sub(1, open), y));
    }
    return sum(tanh(y));
  })(weights.flat());
}

/** How often a pass looks at the properties of a plan's steps. */
function countLooks(plan: Plan, pass: (plan: Plan) => unknown): number {
  let looks = 0;
  const steps = plan.steps.map((step) =>
    new Proxy<Step>(step, {
      get(target, name) {
        looks++;
        return Reflect.get(target, name);
      },
    })
  );
  pass({ ...plan, steps });
  return looks;
}

/** Asserts that work grows in proportion: six times, with room, for four times as many layers. */
function assertLinear(count: (layers: number) => number): void {
  const few = count(50), many = count(200);
  assert(
    few > 0 && many < 6 * few,
    `expected less than ${6 * few} for 4 times ${few}, found ${many}`,
  );
}

Deno.test("fuseElementwise() fuses outputs with far earlier steps in linear time", () => {
  assertLinear((n) => countLooks(lateReaders(n), (plan) => fuseElementwise(plan, FUSED)));
});

Deno.test("tileSteps() finds runs of any length in linear time", () => {
  // All steps are of the same rows, one after another, so that one run could take them all.
  const chain = (n: number): readonly Tensor[] => {
    const outputs: Tensor[] = [];
    let y: Tensor = f32(1024, 2);
    for (let i = 0; i < n; i++) outputs.push(y = tanh(add(y, f32(1024, 2))));
    return outputs;
  };
  assertLinear((n) => {
    const plan = planOf(chain(n), UNFUSED);
    const tile = { size: 1024, grain: 1 };
    const kernels = plan.steps.map(() => [{ pass: 0, units: 1024, tile }]);
    return countLooks(plan, (plan) => tileSteps(plan, kernels));
  });
});

Deno.test("gradients of highway nets have ops in proportion to their layers", () => {
  assertLinear((n) => topological(highwayGradients(n)).length);
  assertLinear((n) => planOf(highwayGradients(n), FUSED).steps.length);
});

Deno.test("the gradient of a highway net of 2,000 layers is taken without recursion", () => {
  assert(highwayGradients(2000).length === 8000);
});
