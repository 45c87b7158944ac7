import { assertEquals, assertMatch } from "@std/assert";
import { announcement, forecaster, secondsLeft } from "../../../tasks/training/forecast.ts";
import { roughly } from "../../../tasks/cli/format.ts";

const at = { step: 0, steps: 40, epoch: 0, trainLoss: 1, trainAccuracy: 0, imagesPerSecond: 50 };
const extent = { batch: 10, epochs: 4, tested: 30 };

Deno.test("secondsLeft() counts the steps to come, and a third of one for each test image", () => {
  // 40 steps of 10 images and 4 tests of 30, at 50 images a second.
  assertEquals(secondsLeft(at, extent), (400 + 4 * 10) / 50);
  assertEquals(secondsLeft({ ...at, step: 5 }, extent), (350 + 4 * 10) / 50);
  // After the first epoch, its test too.
  assertEquals(secondsLeft({ ...at, step: 10 }, extent), (300 + 3 * 10) / 50);
  assertEquals(secondsLeft({ ...at, step: 40 }, extent), 0);
});

Deno.test("secondsLeft() is undefined before a step has been timed", () => {
  assertEquals(secondsLeft({ ...at, imagesPerSecond: 0 }, extent), undefined);
});

Deno.test("forecaster() ignores the first steps, and emits one forecast", () => {
  let ms = 0;
  const forecast = forecaster(extent, () => ms);
  const event = (step: number, seconds: number) => {
    ms = 1000 * seconds;
    return forecast({ ...at, step, kind: "progress" });
  };
  assertEquals(forecast({ ...at, step: 1, imagesPerSecond: 0, kind: "progress" }), undefined);
  assertEquals(event(2, 1), undefined);
  // 4 steps of 10 images in the next second.
  assertEquals(event(6, 2), (340 + 4 * 10) / 40);
  assertEquals(event(12, 3), undefined);
});

Deno.test("forecaster() emits a forecast after an epoch at the latest", () => {
  assertEquals(forecaster(extent)({ ...at, step: 10, kind: "epoch" }), (300 + 3 * 10) / 50);
});

Deno.test("roughly() has two digits", () => {
  assertEquals(
    [0.2, 8.64, 47.6, 119, 283, 3725, 12_000, 100_000, 300_000].map(roughly),
    ["1 s", "8.6 s", "48 s", "120 s", "4.7 min", "62 min", "3.3 h", "28 h", "3.5 days"],
  );
});

const run = {
  task: "cifar",
  choice: { preset: "quick", why: "no hardware GPU: cpu" },
  net: "fitnet1",
  dataset: "cifar10",
  images: 50_000,
  epochs: 5,
  resumed: false,
  given: new Set<string>(),
} as const;

Deno.test("announcement() says what was chosen, why, how long it takes, and the other preset", () => {
  assertEquals(
    announcement(run, 283),
    "preset quick (no hardware GPU: cpu): fitnet1, 5 epochs of 50,000 images, about 4.7 min; " +
      "--preset paper trains fitnet4 for 230 epochs",
  );
  const paper = { ...run, choice: { preset: "paper", why: "a hardware GPU" } } as const;
  assertEquals(
    announcement({ ...paper, net: "fitnet4", epochs: 230 }, 7_210),
    "preset paper (a hardware GPU): fitnet4, 230 epochs of 50,000 images, about 2 h; " +
      "--preset quick trains fitnet1 for 5 epochs",
  );
});

Deno.test("announcement() says what the other preset makes of a net's own recipe", () => {
  const own = { ...run, net: "nin", given: new Set(["net"]) } as const;
  assertEquals(
    announcement(own, 283),
    "preset quick (no hardware GPU: cpu): nin by its own recipe, 5 epochs of 50,000 images, about 4.7 min; " +
      "--preset paper trains it for 260 epochs from gaussian weights",
  );
  const paper = {
    ...own,
    choice: { preset: "paper", why: "a hardware GPU" },
    epochs: 260,
  } as const;
  assertMatch(
    announcement(paper, 60),
    /; --preset quick trains it for 5 epochs from lsuv weights$/,
  );
});

Deno.test("announcement() offers no other preset where the command line has chosen", () => {
  for (const option of ["preset", "net", "epochs"]) {
    const line = announcement({ ...run, epochs: 1, given: new Set([option]) }, 60);
    assertEquals(
      line,
      "preset quick (no hardware GPU: cpu): fitnet1, 1 epoch of 50,000 images, about 60 s",
    );
  }
  const resumed = { ...run, resumed: true, given: new Set(["resume"]) };
  assertMatch(announcement(resumed, 60), /images, about 60 s to go$/);
});
