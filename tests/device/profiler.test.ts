/**
 * Adding up what was measured.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { Profiler, rate } from "../../src/device/profile.ts";

const work = { kernel: "conv2d", shape: "2×3 → 4", flops: 1000, bytes: 50 };

/** Does nothing for so long. */
function spin(ms: number) {
  for (const from = performance.now(); performance.now() - from < ms;);
}

Deno.test("take() sums runs of the same ops and shapes, the longest first", () => {
  const profiler = new Profiler();
  const short = profiler.meter({ ...work, shape: "1" });
  const long = profiler.meter(work), same = profiler.meter({ ...work, flops: 3000, bytes: 150 });
  short(0.25, 1);
  long(2, 2);
  same(3, 4);
  long(3, 2);
  const { kernels } = profiler.take();
  assertEquals(kernels.length, 2);
  assertEquals(kernels[0], {
    kernel: "conv2d",
    shape: "2×3 → 4",
    calls: 3,
    passes: 8,
    ms: 8,
    flops: 5000,
    bytes: 250,
    gflops: 5000 / 8e6,
    gbps: 250 / 8e6,
  });
  assertEquals([kernels[1]!.shape, kernels[1]!.calls, kernels[1]!.ms], ["1", 1, 0.25]);
});

Deno.test("take() restarts counting, and meters continue", () => {
  const profiler = new Profiler(), meter = profiler.meter(work);
  meter(1, 1);
  profiler.within(() => spin(1));
  assertEquals(profiler.take().kernels.length, 1);
  assertEquals(profiler.take(), { kernels: [], ms: 0, outside: 0 });
  meter(5, 1);
  assertEquals(profiler.take().kernels.map(({ calls, ms }) => [calls, ms]), [[1, 5]]);
});

Deno.test("within() counts time once, however calls nest or overlap", async () => {
  const profiler = new Profiler(), wait = () => new Promise((done) => setTimeout(done, 30));
  const from = performance.now();
  assertEquals(profiler.within(() => profiler.within(() => (spin(10), 7))), 7);
  await Promise.all([profiler.within(wait), profiler.within(wait)]);
  const all = performance.now() - from, { ms } = profiler.take();
  assert(ms >= 35 && ms <= all, `expected 35 to ${all} ms, found ${ms}`);
});

Deno.test("within() counts work that throws, and rethrows its error", () => {
  const profiler = new Profiler();
  assertThrows(
    () =>
      profiler.within(() => {
        spin(5);
        throw new RangeError("no");
      }),
    RangeError,
    "no",
  );
  assert(profiler.take().ms >= 5);
  spin(5);
  assertEquals(profiler.take().ms, 0);
});

Deno.test("take() returns the share outside kernels, 0 where they ran concurrently with the calls", () => {
  const profiler = new Profiler(), meter = profiler.meter(work);
  profiler.within(() => {
    spin(20);
    meter(5, 1);
  });
  const { ms, outside } = profiler.take();
  assertEquals(outside, 1 - 5 / ms);
  profiler.within(() => spin(1));
  meter(1000, 1);
  assertEquals(profiler.take().outside, 0);
});

Deno.test("rate() is billions a second, and none in no time", () => {
  assertEquals([rate(2e9, 1000), rate(5, 0)], [2, 0]);
});
