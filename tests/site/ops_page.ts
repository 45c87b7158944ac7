/**
 * A page's program: the first case of every op on a device, compared with float64.
 *
 * @module
 */
import { open } from "../../src/runtime/mod.ts";
import type { DeviceName } from "../../src/device/open.ts";
import { type Case, tensorsOf } from "../ops/case.ts";
import { CASES } from "../ops/cases.ts";
import { assertAgrees } from "../ops/oracle.ts";

/** What the page has found. */
export interface Found {
  readonly device: string;
  readonly agree: readonly string[];
  readonly faults: readonly string[];
}

const run = await open({ device: new URLSearchParams(location.search).get("on") as DeviceName });
const agree: string[] = [], faults: string[] = [];
for (const [name, cases] of Object.entries(CASES) as [string, readonly [Case]][]) {
  const [first] = cases;
  try {
    await assertAgrees(run, [{
      name,
      inputs: tensorsOf(first),
      f: (...xs) => [first.f(...xs)],
      ...(first.tolerance && { tolerance: first.tolerance }),
    }]);
    agree.push(name);
  } catch (error) {
    faults.push(String(error));
  }
}
Object.assign(globalThis, { found: { device: run.device, agree, faults } satisfies Found });
