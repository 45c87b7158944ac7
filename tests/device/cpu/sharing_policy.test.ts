/**
 * When work is shared out: what a busy machine can make of it.
 */
import { assert, assertEquals } from "@std/assert";
import { SharingPolicy, updateSoloMs } from "../../../src/device/cpu/threads/sharing_policy.ts";
import { grad } from "../../../src/grad.ts";
import { dense, type Layer, sequential, tanh } from "../../../src/nn/mod.ts";
import { mul, sum } from "../../../src/ops/mod.ts";
import { key } from "../../../src/random.ts";
import { open } from "../../../src/runtime/mod.ts";
import type { Data } from "../../../src/host_data.ts";
import { type Params, type Tensor, tensor } from "../../../src/tensor.ts";
import { leaves, unflatten } from "../../../src/tree.ts";
import { fill, filled } from "../../devices.ts";

/** Passes of half a millisecond each: how long they take in all, if late ones take `late` more. */
function simulate(passes: number, late: (pass: number, now: number) => number): number {
  const sharing = new SharingPolicy();
  let now = 0;
  for (let i = 0; i < passes; i++) {
    if (!sharing.pays(now)) now += 0.5;
    else {
      const took = 0.25 + late(i, now);
      now += took;
      sharing.record(now, took, 0.5);
    }
  }
  return now;
}

Deno.test("SharingPolicy halves the time where nobody is late", () => {
  assertEquals(simulate(1000, () => 0), 250);
});

Deno.test("SharingPolicy costs at most an eighth, however late workers are", () => {
  for (const late of [0.3, 1, 3, 30, 300]) {
    assert(simulate(20_000, () => late) <= 10_000 * 9 / 8, `always ${late}`);
    assert(simulate(20_000, (i) => i % 7 ? 0 : late) <= 10_000 * 9 / 8, `at times ${late}`);
    // As a busy processor has it: away for a while, then there for a while.
    assert(simulate(20_000, (_, now) => now % 8 < 4 ? 0 : late) <= 10_000 * 9 / 8, `${late}`);
  }
});

Deno.test("SharingPolicy continues where gains exceed the cost of late workers, and resumes later", () => {
  assert(simulate(1000, (i) => i % 20 ? 0 : 1) < 350);
  const sharing = new SharingPolicy();
  sharing.record(1000, 4, 1);
  assert(!sharing.pays(1001) && sharing.pays(1000 + 16 * 3));
  // However long a process was stopped.
  sharing.record(2000, 1e8, 1);
  assert(!sharing.pays(2001) && sharing.pays(12_001));
});

Deno.test("SharingPolicy soon shares again after a disturbance, however long it lasted", () => {
  for (const late of [4, 20]) {
    for (const busy of [20, 100, 1000, 10_000]) {
      const end = 100 + busy;
      let resumed = Infinity;
      simulate(20 * end, (_, now) => {
        if (now >= end) resumed = Math.min(resumed, now);
        return now >= 100 && now < end ? late : 0;
      });
      assert(resumed - end <= 32 * (late + 1), `${busy} ms of ${late}: ${resumed - end}`);
    }
  }
  // A single one costs no more than itself where sharing has paid before.
  assert(simulate(1000, (i) => i === 500 ? 20 : 0) <= 270);
});

Deno.test("SharingPolicy does not take a caller's own delays for those of workers", () => {
  const sharing = new SharingPolicy();
  sharing.record(1000, 0.25, 0.5);
  sharing.record(1000, 20, 0.5, 0);
  assert(sharing.pays(1000));
  // But for the little that a worker may take from the caller's own processor, each time.
  for (let i = 0; i < 2; i++) sharing.record(1000, 0.4, 0.2, 0);
  assert(!sharing.pays(1001));
  const other = new SharingPolicy();
  other.record(1000, 20, 0.5, 19);
  assert(!other.pays(1300) && other.pays(1310));
});

Deno.test("updateSoloMs() estimates the time of a pass from times of which most are longer", () => {
  let known = Infinity;
  for (let i = 0; i < 200; i++) known = updateSoloMs(known, i % 4 ? 3 + i % 3 : 1);
  // Between two that are not disturbed it rises by 2 % three times, and falls by half of what it is over.
  assert(known < 1.15, `found ${known}`);
  // It has become slower for good.
  for (let i = 0; i < 100; i++) known = updateSoloMs(known, 2);
  assertEquals(known, 2);
});

/** A net of many small layers, whose steps are hundreds of passes of microseconds. */
const layers = Array.from({ length: 100 }, (): Layer[] => [dense(32), tanh]).flat();
const net = sequential(...layers) as Layer<readonly Params[]>;
const x = filled([256, 32], 7), made = net.init(key(0), x);
const start = unflatten<unknown, Tensor, Tensor>(
  made,
  leaves<Tensor>(made).map(({ shape, size }, i) => tensor(fill(size, i, -0.3, 0.3), shape)),
) as readonly Params[];

/** Runs one process that does nothing but work for each processor, as long as `body` takes. */
async function busy<T>(body: () => Promise<T>): Promise<T> {
  const command = new Deno.Command(Deno.execPath(), { args: ["eval", "for (;;);"] });
  const processes = Array.from({ length: navigator.hardwareConcurrency }, () => command.spawn());
  try {
    return await body();
  } finally {
    for (const process of processes) process.kill("SIGKILL");
    await Promise.all(processes.map((process) => process.status));
  }
}

const options = { sanitizeOps: false, sanitizeResources: false };

Deno.test(
  "on a busy machine threads do not wait for each other, with the same bits",
  options,
  async () => {
    const steps: (() => Promise<number>)[] = [], bits: Uint32Array[][] = [];
    const runtimes = await Promise.all([1, 2].map((threads) => open({ device: "cpu", threads })));
    for (const run of runtimes) {
      const loss = (p: readonly Params[]) => {
        const y = net(p, x);
        return sum(mul(y, y));
      };
      const step = run.jit((p: readonly Params[]) => leaves<Tensor>(grad(loss)(p) as Params));
      const once = async () => {
        const from = performance.now();
        const read = await run.read(step(start)) as readonly Data[];
        bits.push(read.map((data) => new Uint32Array(data.buffer)));
        return performance.now() - from;
      };
      await once();
      steps.push(once);
    }
    const total = [0, 0];
    await busy(async () => {
      for (let round = 0; round < 20; round++) {
        for (const [i, step] of steps.entries()) total[i]! += await step();
      }
    });
    for (const run of runtimes) await run[Symbol.asyncDispose]();
    for (const each of bits) assertEquals(each, bits[0]);
    // They took twenty times as long when threads waited for each other after every pass.
    assert(total[1]! < 3 * total[0]!, `one thread took ${total[0]} ms, two ${total[1]} ms`);
  },
);

Deno.test("SharingPolicy pauses twice as long for a second loss without gains between", () => {
  const sharing = new SharingPolicy();
  sharing.record(0, 4, 1);
  assert(!sharing.pays(47) && sharing.pays(48));
  sharing.record(1000, 4, 1);
  assert(!sharing.pays(1000 + 95) && sharing.pays(1000 + 96));
});
