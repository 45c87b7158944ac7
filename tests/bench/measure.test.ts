import { assert, assertEquals } from "@std/assert";
import { deviceSlug, formatDate, machineHere } from "../../bench/machine.ts";
import { computeSpread, median, repeat, significant } from "../../bench/measure.ts";
import { newResultPath } from "../../bench/result_file.ts";

Deno.test("computeSpread() is the median and the quartiles, whatever the order", () => {
  assertEquals(computeSpread([8, 1, 7, 2, 6, 3, 5, 4]), { low: 3, median: 5, high: 7, runs: 8 });
  assertEquals(computeSpread([3]), { low: 3, median: 3, high: 3, runs: 1 });
  assertEquals([median([2, 9, 1]), significant(12345.678), significant(0.00123456, 2)], [
    2,
    12350,
    0.0012,
  ]);
});

/** Repeats work whose calls take these milliseconds, the last of them from then on, by a clock of its own. */
async function repeated(budget: number, ...durations: number[]) {
  const { now } = performance;
  let time = 0, calls = 0;
  performance.now = () => time;
  try {
    return await repeat(() => {
      time += durations[Math.min(calls, durations.length - 1)]!;
      return Promise.resolve(++calls);
    }, budget);
  } finally {
    performance.now = now;
  }
}

Deno.test("repeat() warms up with two calls, times three at least, and keeps the first values", async () => {
  assertEquals(await repeated(6, 90, 5, 4), {
    ms: { median: 4, low: 4, high: 4, runs: 3 },
    firstMs: 90,
    values: [1, 2, 3, 4],
  });
});

Deno.test("repeat() continues until its time is over", async () => {
  assertEquals((await repeated(100, 1)).ms.runs, 100);
});

Deno.test("repeat() times only the second call where one takes longer than the budget", async () => {
  const { ms, values } = await repeated(10, 50, 20);
  assertEquals([ms.runs, ms.median, values], [1, 20, [1, 2]]);
});

Deno.test("repeat() times groups of calls, of which the last alone reads", async () => {
  const { now } = performance, reads: boolean[] = [];
  let time = 0;
  performance.now = () => time;
  try {
    const { ms } = await repeat(
      (read) => {
        reads.push(read);
        time += read ? 4 : 1;
        return Promise.resolve(0);
      },
      20,
      12,
    );
    assertEquals([ms.runs, ms.median], [4, 2]);
    assertEquals(reads, [true, true, true, ...Array(4).fill([false, false, true]).flat()]);
  } finally {
    performance.now = now;
  }
});

Deno.test("machineHere() names the date, the commit's state and the machine", async () => {
  const { date, deno, machine, system } = await machineHere(new Date(2026, 0, 31, 23, 59));
  assertEquals(date, "2026-01-31");
  assertEquals(formatDate(new Date(2026, 10, 1)), "2026-11-01");
  assertEquals(deno, Deno.version.deno);
  assert(/^\d+ × .+, \d+ GiB$/.test(machine), machine);
  assertEquals(system, `${Deno.build.os} ${Deno.build.arch}`);
});

Deno.test("deviceSlug() is a device's name, or an adapter's first words", () => {
  const of = (device: string, description = "") => deviceSlug({ device, description });
  assertEquals(of("cpu", "WebAssembly SIMD"), "cpu");
  assertEquals(of("webgpu", "llvmpipe (LLVM 15.0.6, 256 bits), 65541"), "llvmpipe");
  assertEquals(of("webgpu", "NVIDIA H200, 4318"), "nvidia-h200");
  assertEquals(of("webgpu", ", x"), "webgpu");
});

Deno.test("newResultPath() never returns a file that exists, or that another program has taken", async () => {
  const folder = `${await Deno.makeTempDir()}/`;
  const paths = await Promise.all([1, 2, 3].map(() => newResultPath("day-cpu", folder)));
  const names = paths.map((path) => path.slice(folder.length)).sort();
  assertEquals(names, ["day-cpu-2.json", "day-cpu-3.json", "day-cpu.json"]);
  await Deno.remove(folder, { recursive: true });
});
