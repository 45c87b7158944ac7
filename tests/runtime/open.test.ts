/**
 * What `auto` opens on platforms that have a GPU, or none, or refuse it, and the reason that it gives.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { findGpu } from "../../src/device/webgpu/find_gpu.ts";
import { add } from "../../src/ops/mod.ts";
import { open } from "../../src/runtime/mod.ts";
import { tensor } from "../../src/tensor.ts";

/** Replaces the platform's `navigator` until it is disposed. */
function withNavigator(fake: object | undefined): Disposable {
  const own = Object.getOwnPropertyDescriptor(globalThis, "navigator")!;
  Object.defineProperty(globalThis, "navigator", { value: fake, configurable: true });
  return { [Symbol.dispose]: () => Object.defineProperty(globalThis, "navigator", own) };
}

const HARDWARE = {
  description: "NVIDIA H200",
  isFallbackAdapter: false,
  subgroupMinSize: 32,
  subgroupMaxSize: 32,
};
const SOFTWARE = { ...HARDWARE, description: "llvmpipe", isFallbackAdapter: true };

/** A platform whose adapter is of a kind; its device cannot be opened. */
const platform = (info: object) => ({
  gpu: {
    requestAdapter: () =>
      Promise.resolve({
        info,
        features: new Set(),
        limits: {},
        requestDevice: () => Promise.reject(new Error("it is busy")),
      }),
  },
});

const REFUSES = { gpu: { requestAdapter: () => Promise.reject(new Error("not today")) } };
const EMPTY = { gpu: { requestAdapter: () => Promise.resolve(null) } };

const CASES: readonly (readonly [what: string, navigator: object, reason: string])[] = [
  ["no WebGPU", {}, "Deno has no WebGPU"],
  ["no adapter", EMPTY, "found no GPU adapter"],
  ["a refusal", REFUSES, "found no GPU adapter (not today)"],
  ["a GPU in software", platform(SOFTWARE), 'found only a GPU in software, "llvmpipe"'],
  [
    "a GPU that does not open",
    platform(HARDWARE),
    'found a GPU, "NVIDIA H200", which does not open: webgpu: expected a device of the adapter "NVIDIA H200", found: it is busy',
  ],
];

for (const [what, navigator, reason] of CASES) {
  Deno.test(`open() takes the CPU where there is ${what}, and says so`, async () => {
    using _ = withNavigator(navigator);
    await using run = await open();
    assertEquals([run.device, run.reason], ["cpu", reason]);
    assertEquals([...await run.read(add(tensor([1, 2]), 1))], [2, 3]);
  });
}

Deno.test("open() to profile a GPU that does not open throws", async () => {
  using _ = withNavigator(platform(HARDWARE));
  await assertRejects(() => open({ profile: true }));
});

Deno.test("findGpu() finds nothing where there is no navigator", async () => {
  using _ = withNavigator(undefined);
  assertEquals(await findGpu(), { isHardware: false, words: "Deno has no WebGPU" });
});

Deno.test("findGpu() finds a hardware GPU", async () => {
  using _ = withNavigator(platform(HARDWARE));
  assertEquals(await findGpu(), { isHardware: true, words: 'found a GPU, "NVIDIA H200"' });
});

Deno.test("open() gives as reason that a device was asked for", async () => {
  await using run = await open({ device: "cpu", threads: 1 });
  assertEquals([run.device, run.reason], ["cpu", "asked for"]);
});
