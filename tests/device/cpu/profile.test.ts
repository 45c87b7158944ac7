/**
 * Profiles of the CPU device: every pass is timed, on one thread or several, whatever the engine can do.
 */
import { assert, assertEquals } from "@std/assert";
import { openCpu } from "../../../src/device/cpu/mod.ts";
import { Profiler } from "../../../src/device/profile.ts";
import { add, conv2d, matmul, maxPool2d, sum } from "../../../src/ops/mod.ts";
import { type Runtime, runtimeOn } from "../../../src/runtime/mod.ts";
import type { Tensor } from "../../../src/tensor.ts";
import { filled } from "../../devices.ts";

const f = (x: Tensor, w: Tensor) => {
  const y = maxPool2d(add(conv2d(x, w, { padding: 1 }), 1), 2);
  return [sum(y), sum(matmul(y, y), [0, 1])];
};
const args = [filled([8, 32, 32, 16], 1), filled([3, 3, 16, 16], 2)] as const;

/** What three calls take, with every thread there. */
async function profileOf(run: Runtime) {
  const call = run.jit(f);
  await run.read(call(...args));
  await run.profile();
  const results: number[] = [];
  for (let i = 0; i < 3; i++) results.push(...(await run.read(call(...args))).map((x) => x[0]!));
  return { ...await run.profile(), results };
}

const options = { sanitizeOps: false, sanitizeResources: false };

Deno.test("profile() times every pass, on any number of threads", options, async () => {
  const found: number[][] = [];
  for (const threads of [1, 3]) {
    await using run = runtimeOn(openCpu(threads, {}, new Profiler()));
    const { kernels, ms, outside, results } = await profileOf(run);
    const passes = Number(/(\d+) pass/.exec(run.explain(f, ...args))![1]);
    assertEquals(kernels.reduce((all, row) => all + row.passes, 0), 3 * passes);
    assert(passes > kernels.length, `expected steps of several passes, found ${passes} passes`);
    const inside = kernels.reduce((all, row) => all + row.ms, 0);
    assert(inside <= ms, `expected at most ${ms} ms, found ${inside}`);
    // A moment in which other programs have the processors says nothing, five of them do.
    let least = outside;
    for (let i = 0; i < 4 && least >= 0.7; i++) {
      least = Math.min(least, (await profileOf(run)).outside);
    }
    assert(least < 0.7, `found ${least}`);
    found.push(results);
  }
  assertEquals(found[0], found[1]);
});

Deno.test("profile() and peak() work without shared memory and multiply-add", async () => {
  await using run = runtimeOn(openCpu(2, { shared: false, madd: false }, new Profiler()));
  const { kernels } = await profileOf(run);
  assert(kernels.length > 2 && kernels.every(({ calls }) => calls === 3));
  const { gflops, gbps } = await run.peak();
  assert(gflops > 0.1 && gbps > 0.1, `found ${gflops} GFLOP/s, ${gbps} GB/s`);
});

Deno.test("peak() does not change the threads' modules", options, async () => {
  await using run = runtimeOn(openCpu(2, {}, new Profiler()));
  const before = (await profileOf(run)).results;
  await run.peak();
  assertEquals((await profileOf(run)).results, before);
});
