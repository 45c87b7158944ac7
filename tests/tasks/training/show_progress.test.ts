import { assertEquals } from "@std/assert";
import type { RunEvent } from "../../../tasks/run/events.ts";
import { epochLine, showProgress } from "../../../tasks/training/show_progress.ts";

const ROW = {
  epoch: 1,
  step: 3,
  trainLoss: 1.5,
  trainAccuracy: 0.25,
  testLoss: 0.5,
  testAccuracy: 0.9,
  seconds: 2.34,
  imagesPerSecond: 12.3,
};
const LINE = "epoch 1/5 | train loss 1.5000, accuracy 25.00 % | " +
  "test loss 0.5000, accuracy 90.00 % | 2.3 s, 12 images/s";

Deno.test("epochLine() shows training and test, time and speed", () => {
  assertEquals(epochLine(ROW, 5), LINE);
});

Deno.test("showProgress() shows steps and epochs, and stops where training does", async () => {
  const shown: string[] = [];
  const observe = showProgress({
    say: (line) => Promise.resolve(void shown.push(line)),
    progress: ({ step }, left) => shown.push(`step ${step}, ${left} s left`),
    stop: () => Promise.resolve(void shown.push("stop")),
  });
  const progress = { ...ROW, epoch: 0, steps: 20 };
  const events: RunEvent[] = [
    { kind: "initialization", parameters: 7 },
    { kind: "step", progress, secondsLeft: 9 },
    { kind: "epoch", row: ROW, epochs: 5 },
    { kind: "checkpoint", step: 3, seconds: 0.1 },
    { kind: "weights", path: "weights.safetensors" },
  ];
  for (const event of events) await observe(event);
  assertEquals(shown, ["step 3, 9 s left", LINE, "stop"]);
});
