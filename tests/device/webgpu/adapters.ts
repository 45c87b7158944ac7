/**
 * Tests of kernels that are chosen by the kind of adapter: each runs as on software, as on software
 * whose textures do not read zeros outside, and as on hardware, whatever adapter there is.
 *
 * @module
 */
import { openWebGpu } from "../../../src/device/webgpu/mod.ts";
import { type Runtime, runtimeOn } from "../../../src/runtime.ts";

const ADAPTERS = {
  "as on a software adapter": { software: true },
  "as where textures have no zeros outside": { software: true, zerosOutside: false },
  "as on a hardware adapter": { software: false },
} as const;

const adapter = await navigator.gpu?.requestAdapter() ?? null;
const runtimes = new Map<string, Promise<Runtime>>();

Deno.test.afterAll(async () => {
  for (const opened of runtimes.values()) await (await opened)[Symbol.asyncDispose]();
});

/** Registers a test for each kind of adapter; they share one runtime a kind. */
export function forEachAdapter(name: string, test: (run: Runtime) => Promise<void>): void {
  for (const [kind, traits] of Object.entries(ADAPTERS)) {
    Deno.test({
      name: `${name}, ${kind}`,
      ignore: !adapter,
      sanitizeOps: false,
      sanitizeResources: false,
      fn: async () => {
        const opened = runtimes.get(kind) ?? openWebGpu(traits).then(runtimeOn);
        runtimes.set(kind, opened);
        await test(await opened);
      },
    });
  }
}
