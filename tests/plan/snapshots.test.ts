/**
 * Plans stay what they are until somebody means to change them: `deno test -A tests/plan -- --update` writes
 * them anew.
 */
import { assertEquals } from "@std/assert";
import { KERNELS as CPU } from "../../src/device/cpu/kernels/mod.ts";
import { WEBGPU_KERNELS } from "../../src/device/webgpu/kernels/mod.ts";
import type { KernelName } from "../../src/ops/mod.ts";
import { buildPlan } from "../../src/plan/build.ts";
import { canonicalStep } from "../../src/plan/canonicalize.ts";
import type { Plan, Policy } from "../../src/plan/plan.ts";
import { showPlan } from "../../src/plan/show.ts";
import { GRAPHS } from "./graphs.ts";

const FOLDER = new URL("snapshots/", import.meta.url);

/** What devices ask of the planner, one of them an adapter with few buffers. */
const POLICIES: Readonly<Record<string, Policy>> = {
  cpu: {
    access: ({ name }, i) => CPU[name as KernelName].access[i]!,
    maxLoads: 32,
    maxBuffers: 80,
  },
  webgpu: {
    access: ({ name }, i) => WEBGPU_KERNELS[name as KernelName].access[i]!,
    maxLoads: 31,
    maxBuffers: 64,
  },
  "webgpu, few buffers": {
    access: ({ name }, i) => WEBGPU_KERNELS[name as KernelName].access[i]!,
    maxLoads: 4,
    maxBuffers: 10,
  },
};

/** A short hash of all that the steps of a plan compute and bind. */
async function hashOf(plan: Plan): Promise<string> {
  const steps = plan.steps.map((step) => {
    const { key, bindings } = canonicalStep(step);
    return `${key}\n${JSON.stringify(bindings)}`;
  });
  const bytes = new TextEncoder().encode([JSON.stringify(plan.slots), ...steps].join("\n"));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 16);
}

for (const [name, build] of Object.entries(GRAPHS)) {
  Deno.test(`the plans of ${name} match their snapshot`, async () => {
    const { inputs, outputs } = build(), parts: string[] = [];
    for (const [device, policy] of Object.entries(POLICIES)) {
      const { plan } = buildPlan(inputs, outputs, policy);
      parts.push(`${device}: ${await hashOf(plan)}`, showPlan(plan), "");
    }
    const text = parts.join("\n"), file = new URL(`${name}.txt`, FOLDER);
    if (Deno.args.includes("--update")) await Deno.writeTextFile(file, text);
    assertEquals(text, await Deno.readTextFile(file));
  });
}
