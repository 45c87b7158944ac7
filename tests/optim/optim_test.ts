/**
 * Optimizers and schedules.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import {
  adam,
  constantRate,
  multiStep,
  type Optimizer,
  rmsprop,
  type Schedule,
  sgd,
  stepSchedule,
} from "../../src/optim/mod.ts";
import { mul, sum } from "../../src/ops/mod.ts";
import { grad } from "../../src/grad.ts";
import { type Params, type Tensor, tensor } from "../../src/tensor.ts";
import { leaves } from "../../src/tree.ts";
import ops from "../golden/ops.json" with { type: "json" };
import { filled as golden } from "../golden/fill.ts";
import type { OpsFile, Optimizer as GoldenOptimizer } from "../golden/types.ts";
import { assertClose, filled, forEachDevice } from "../devices.ts";

const value = (x: Tensor): number[] => [...evaluate([x])[0]];
const at = (schedule: Schedule, step: number): number =>
  value(schedule(tensor(Int32Array.of(step), [])))[0];

/** The optimizer that a golden file names, with a rate. */
function optimizerOf(o: GoldenOptimizer, rate: number | Schedule): Optimizer {
  switch (o.name) {
    case "sgd":
      return sgd({ ...o, rate });
    case "rmsprop":
      return rmsprop({ ...o, rate });
    case "adam":
      return adam({ ...o, rate });
  }
}

for (const { name, optimizer, rates, start, gradients, after } of (ops as OpsFile).optimizers) {
  forEachDevice(`${optimizer.name}() follows the golden path of ${name}`, async (run) => {
    const rate: Schedule = multiStepOf(rates);
    const rule = optimizerOf(optimizer, rate);
    const as = (f: typeof start) => ({ w: tensor(golden(f), f.shape) });
    const step = run.jit((p: { w: Tensor }, g: { w: Tensor }, s: Params) => rule.step(p, g, s));
    let params = as(start), state = rule.init(params);
    for (const [i, g] of gradients.entries()) {
      [params, state] = step(params, as(g), state);
      const { w } = await run.read(params) as { w: Float32Array };
      assertClose(w, after[i], { relative: 2e-6, absolute: 2e-6 }, `step ${i}`);
    }
  });
}

/** A schedule that takes these rates one after another. */
function multiStepOf(rates: readonly number[]): Schedule {
  return (step) =>
    rates.map((rate, i) => multiStepAt(rate, i)(step)).reduce((a, b) => sumOf(a, b));
}

const sumOf = (a: Tensor, b: Tensor): Tensor => sum(stackOf(a, b));
