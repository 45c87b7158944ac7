/**
 * Optimizers' defaults and corners: what is done unless told otherwise, and at zero.
 */
import { assert, assertEquals } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { oneMinusPower } from "../../src/optim/bias_correction.ts";
import {
  adamax,
  adamw,
  lamb,
  lars,
  multiStepSchedule,
  notBias,
  type Optimizer,
} from "../../src/optim/mod.ts";
import { tensor } from "../../src/tensor.ts";
import { assertClose } from "../devices.ts";

/** A weight and a bias after one step. */
function after(optimizer: Optimizer, weight: number, gradient: number): number[] {
  const params = { w: tensor([weight]), b: tensor([weight]) };
  const grads = { w: tensor([gradient]), b: tensor([gradient]) };
  const [next] = optimizer.step(params, grads, optimizer.init(params));
  return evaluate([next.w, next.b]).map(([value]) => value!);
}

Deno.test("adamw() decays weights by a hundredth unless told otherwise", () => {
  assertClose(after(adamw({ learningRate: 0.5 }), 2, 0), [2 - 0.5 * 0.01 * 2, 2]);
  assertEquals(after(adamw({ learningRate: 0.5, weightDecay: 0 }), 2, 0), [2, 2]);
});

Deno.test("adamax() leaves what has never had a gradient", () => {
  assertEquals(after(adamax({ learningRate: 0.5 }), 2, 0), [2, 2]);
});

Deno.test("lamb() and lars() scale updates of weights by their norms, of biases not", () => {
  // Adam's first step is 1, whatever the gradient; a weight of 4 moves by its norm.
  assertClose(after(lamb({ learningRate: 0.5 }), 4, 1), [4 - 0.5 * 4, 4 - 0.5], { relative: 1e-4 });
  // A thousandth of the weight's norm over the gradient's: 0.001 · 4 / 2 · 2.
  assertClose(after(lars({ learningRate: 0.5 }), 4, 2), [4 - 0.5 * 0.004, 4 - 0.5 * 2]);
});

Deno.test("lars() and lamb() move weights that are zero", () => {
  assert(after(lars({ learningRate: 0.5 }), 0, 2)[0]! < 0);
  assert(after(lamb({ learningRate: 0.5 }), 0, 2)[0]! < 0);
});

Deno.test("notBias() knows biases by their whole name", () => {
  const paths = ["b", "[3].b", "deep.b", "w", "web", "layers[0].w_b", "b.w", "[0].rgb"];
  assertEquals(paths.map(notBias), [false, false, false, true, true, true, true, true]);
});

Deno.test("oneMinusPower() is exact from the first step on, on both sides of its series' end", () => {
  for (const beta of [0.9, 0.99, 0.999, 0.99999]) {
    const steps = [1, 2, 3, 5, 10, 30, 49, 50, 51, 500, 5000];
    const [found] = evaluate([oneMinusPower(beta, tensor(steps))]);
    assertClose(found!, steps.map((t) => -Math.expm1(t * Math.log(beta))), {
      relative: 1e-6,
      absolute: 0,
    });
  }
});

Deno.test("multiStepSchedule() sorts milestones as numbers", () => {
  const schedule = multiStepSchedule(1, 0.5, [100, 9, 20]);
  const rates = [8, 9, 19, 20, 99, 100].map((step) =>
    evaluate([schedule(tensor([step], [], "i32"))])[0]![0]
  );
  assertEquals(rates, [1, 0.5, 0.5, 0.25, 0.25, 0.125]);
});
