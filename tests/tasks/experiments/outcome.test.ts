import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { chanceLevel, classifyOutcome, hasEnded } from "../../../tasks/experiments/outcome.ts";

const testSet = (counts: readonly number[]) => {
  const labels = Uint8Array.from(counts.flatMap((count, label) => Array(count).fill(label)));
  const size = { height: 1, width: 1, channels: 1, classes: counts.length };
  return {
    name: "test",
    images: new Uint8Array(labels.length),
    labels,
    count: labels.length,
    ...size,
  };
};

const lastEpoch = {
  epoch: 3,
  step: 18,
  trainLoss: 1,
  trainAccuracy: 0.5,
  testLoss: 1.25,
  testAccuracy: 0.5,
  seconds: 1,
  imagesPerSecond: 24,
};

Deno.test("chanceLevel() is the most frequent class's fraction plus three standard deviations", () => {
  const even = chanceLevel(testSet(Array(10).fill(1000)));
  assertAlmostEquals(even, 0.1 + 3 * Math.sqrt(0.09 / 10_000), 1e-12);
  assert(chanceLevel(testSet([1135, ...Array(9).fill(985)])) > 0.1135);
  assertEquals(chanceLevel(testSet([5])), 1);
});

Deno.test("classifyOutcome() is done above chance and n/c at it", () => {
  const ending = {
    status: "finished",
    results: { seconds: 9, lastEpoch },
    initialisation: { initSeconds: 0.5, forwardPasses: 1 },
  };
  assertEquals(classifyOutcome(ending, 0.2), {
    status: "done",
    accuracy: 0.5,
    loss: 1.25,
    trainAccuracy: 0.5,
    trainLoss: 1,
    epochs: 3,
    seconds: 9,
    initSeconds: 0.5,
    forwardPasses: 1,
    imagesPerSecond: 24,
  });
  const { status, message } = classifyOutcome(ending, 0.5);
  assertEquals(status, "n/c");
  assertStringIncludes(message!, "accuracy 0.5 is not above chance, which reaches to 0.5");
});

Deno.test("classifyOutcome() is n/c where training diverged, whatever its accuracy before", () => {
  const results = { seconds: 9, lastEpoch, fault: "expected a finite loss" };
  const found = classifyOutcome({ status: "diverged at step 19", results }, 0.1);
  assertEquals(found, {
    status: "n/c",
    epochs: 3,
    seconds: 9,
    message: "expected a finite loss",
  });
});

Deno.test("hasEnded() is true of finished and diverged runs only", () => {
  const found = ["finished", "diverged at step 2", "running", "stopped", "failed", undefined]
    .map((status) => hasEnded({ status }));
  assertEquals(found, [true, true, false, false, false, false]);
});
