import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { efficiency, fitStep, mostProcesses, stepSeconds } from "../../bench/scale/efficiency.ts";
import { allReduceSeconds, fitNetwork, NETWORKS } from "../../bench/scale/network.ts";
import { scale } from "../../bench/scale/main.ts";
import { captured } from "../tasks/captured.ts";

const SLOW = { name: "slow", latency: 1e-3, bandwidth: 1e6 };

Deno.test("a sum takes the better of recursive doubling and a ring", () => {
  assertEquals(allReduceSeconds(1e6, 1, SLOW), 0);
  // Of two processes both send everything once; the ring in two messages of a half.
  assertAlmostEquals(allReduceSeconds(1e6, 2, SLOW), 1e-3 + 1, 1e-12);
  // A small one of 8: three messages; a large one: fourteen of an eighth.
  assertAlmostEquals(allReduceSeconds(8, 8, SLOW), 3 * (1e-3 + 8e-6), 1e-12);
  assertAlmostEquals(allReduceSeconds(8e6, 8, SLOW), 14 * (1e-3 + 1), 1e-12);
});

Deno.test("a network is found again from sums that it explains", () => {
  for (const n of [2, 4, 8]) {
    const sums = [4, 4096, 1 << 20, 1 << 24].map((bytes) =>
      [bytes, allReduceSeconds(bytes, n, SLOW)] as const
    );
    const found = fitNetwork("found", n, sums);
    assertAlmostEquals(found.latency, SLOW.latency, 1e-5);
    assert(Math.abs(found.bandwidth / SLOW.bandwidth - 1) < 0.02, `${found.bandwidth}`);
  }
});

Deno.test("a step's line goes through what was measured, and not below nothing", () => {
  const line = fitStep([[64, 0.5], [32, 0.3], [16, 0.2]], 100);
  assertAlmostEquals(stepSeconds(line, 64), 0.5, 1e-12);
  assertAlmostEquals(line.overhead, 0.1, 1e-12);
  assertEquals(fitStep([[64, 0.64], [32, 0.30]], 100).overhead, 0);
});

Deno.test("efficiency falls with processes and bytes, and rises with the network", () => {
  const step = { overhead: 0.001, perExample: 0.003, bytes: 1e7 };
  const [slow, , , fast] = NETWORKS as readonly [
    typeof SLOW,
    typeof SLOW,
    typeof SLOW,
    typeof SLOW,
  ];
  const at = (n: number, network = slow) => efficiency(step, 128, n, network);
  for (const kind of ["strong", "weak"] as const) {
    assertEquals(at(1)[kind], 1);
    assert(at(2)[kind] < 1 && at(4)[kind] < at(2)[kind]);
    assert(at(8)[kind] < at(8, fast)[kind]);
    assert(efficiency({ ...step, bytes: 1e8 }, 128, 4, slow)[kind] < at(4)[kind]);
  }
  assert(at(8).weak > at(8).strong);
  const most = mostProcesses(step, 128, slow, { least: 0.8, kind: "strong" });
  assert(at(most).strong >= 0.8 && at(2 * most).strong < 0.8);
});

Deno.test("bench:scale says what is wrong with its command line", async () => {
  const nets = await captured(() => scale(["--nets", "fitnet9-128"]));
  assertEquals(nets.code, 2);
  assert(nets.err.includes("--nets: expected names of fitnet1, "), nets.err);
  const processes = await captured(() => scale(["--processes", "1"]));
  assertEquals(processes.code, 2);
  assert(processes.err.includes("expected integers from 2 to 64, found 1"), processes.err);
});
