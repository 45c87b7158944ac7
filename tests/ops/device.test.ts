/**
 * Every op on every device, against float64.
 */
import { assertEquals } from "@std/assert";
import { iota, mul, remainder, sum } from "../../src/ops/mod.ts";
import type { Data } from "../../src/host_data.ts";
import { forEachDevice } from "../devices.ts";
import { type Case, tensorsOf } from "./case.ts";
import { CASES } from "./cases.ts";
import { assertAgrees, type Sample } from "./oracle.ts";

const sampleOf = (c: Case): Sample => ({
  name: c.name,
  inputs: tensorsOf(c),
  f: (...xs) => [c.f(...xs)],
  ...(c.tolerance && { tolerance: c.tolerance }),
});

for (const [name, cases] of Object.entries(CASES)) {
  let samples: readonly Sample[] | undefined;
  forEachDevice(`${name}() agrees with float64`, async (run) => {
    samples ??= cases.map(sampleOf);
    await assertAgrees(run, samples);
  });
}

forEachDevice("remainder() and sum() reach every element of twenty million", async (run) => {
  const n = 20_000_003;
  const call = run.jit(() => {
    const x = remainder(mul(iota(n, "u32"), 3), 1000);
    return [x, sum(x)] as const;
  });
  const [x, total] = await run.read(call()) as readonly Data[];
  assertEquals(x!.length, n);
  let wrong = 0, expected = 0;
  for (let i = 0; i < n; i++) {
    if (x![i] !== (3 * i) % 1000) wrong++;
    expected += (3 * i) % 1000;
  }
  assertEquals({ wrong, total: total![0] }, { wrong: 0, total: expected >>> 0 });
}, { devices: ["cpu", "webgpu"] });
