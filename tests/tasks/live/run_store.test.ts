/**
 * The points of a run: where they become fewer, each stands for all its steps.
 */
import { assert, assertEquals } from "@std/assert";
import { RunStore } from "../../../tasks/live/run_store.ts";
import type { RunFacts, StepPoint } from "../../../tasks/live/view.ts";

const FACTS: RunFacts = {
  name: "a",
  epochs: 1,
  stepsPerEpoch: 1e6,
  batch: 10,
  drops: [],
  loss: "softmax",
  within: null,
  folder: "runs/a",
};

Deno.test("a run that is reduced keeps the sum of its losses over all steps", () => {
  const store = new RunStore("a", FACTS), events = 301;
  let step = 0, total = 0;
  for (let i = 0; i < events; i++) {
    const steps = i % 2 ? 9 : 5, loss = (i * 7) % 13;
    step += steps;
    total += steps * loss;
    const at = { step, steps: 1e6, epoch: 0, trainLoss: total / step, trainAccuracy: 0.5 };
    store.apply({
      kind: "step",
      progress: { ...at, imagesPerSecond: 100 },
      secondsLeft: undefined,
    } as never);
  }
  const points = store.reduce()[1] as readonly StepPoint[];
  assert(points.length <= 150 && points.length > 50, `${points.length} points`);
  const sum = (f: (point: StepPoint) => number) => points.reduce((sum, point) => sum + f(point), 0);
  assertEquals(sum(([, steps]) => steps), step);
  const found = sum(([, steps, loss]) => steps * loss);
  assert(Math.abs(found / total - 1) < 1e-3, `${found} instead of ${total}`);
});
