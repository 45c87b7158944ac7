import { assertEquals } from "@std/assert";
import { createReporter } from "../../../tasks/cli/progress.ts";

const at = {
  step: 3,
  steps: 20,
  epoch: 0,
  trainLoss: 1.5,
  trainAccuracy: 0.25,
  imagesPerSecond: 12.3,
};

Deno.test("createReporter() prints plain lines where there is no terminal, few of them", async () => {
  const lines: string[] = [];
  const reporter = createReporter({
    quiet: false,
    terminal: false,
    print: (line) => lines.push(line),
  });
  reporter.progress(at, 144);
  reporter.progress({ ...at, step: 4 }, 130);
  await reporter.say("done");
  await reporter.stop();
  assertEquals(lines, ["epoch 1 step 3/20 loss 1.5000 12 images/s, 2.4 min left", "done"]);
});

Deno.test("createReporter() names no speed before one is known", () => {
  const lines: string[] = [];
  const reporter = createReporter({
    quiet: false,
    terminal: false,
    print: (line) => lines.push(line),
  });
  reporter.progress({ ...at, step: 1, imagesPerSecond: 0 });
  assertEquals(lines, ["epoch 1 step 1/20 loss 1.5000"]);
});

Deno.test("createReporter() prints nothing when quiet", async () => {
  const lines: string[] = [];
  const reporter = createReporter({
    quiet: true,
    terminal: true,
    print: (line) => lines.push(line),
  });
  reporter.progress(at);
  await reporter.say("done");
  await reporter.stop();
  assertEquals(lines, []);
});
