/**
 * The settings in which golden weights are recorded: what a net's bits depend on.
 *
 * @module
 */
import { open, ops, type Runtime, tensor } from "../../mod.ts";
import type { Features } from "../../src/device/cpu/features.ts";
import { openCpu } from "../../src/device/cpu/mod.ts";
import { whyNoWebGpu } from "../../src/device/webgpu/adapter.ts";
import { runtimeOn } from "../../src/runtime/mod.ts";

/** How a net is trained in a setting; all of these come to the same bits. */
export interface Way {
  readonly name: string;
  readonly open: () => Promise<Runtime>;
}

/** A setting, and the ways to train in it. */
export interface Setting {
  readonly name: string;
  readonly ways: readonly Way[];
}

/** What can be trained here, and why other settings cannot. */
export interface Settings {
  readonly here: readonly Setting[];
  readonly skipped: readonly string[];
}

const cpu = (name: string, threads: number, forced: Partial<Features>): Way => ({
  name,
  open: () => Promise.resolve(runtimeOn(openCpu(threads, forced))),
});

/** Vector code that every engine has, with a product and a sum rounded each: the same bits everywhere. */
const BASELINE = { madd: false, native: undefined } as const;

/** WebAssembly without machine code of this project's own. */
const WASM = { native: undefined } as const;

/** One to three threads. */
const threads = (forced: Partial<Features>): readonly Way[] =>
  [1, 2, 3].map((count) => cpu(`${count} thread${count > 1 ? "s" : ""}`, count, forced));

const BASELINES: readonly Setting[] = [
  { name: "cpu, baseline", ways: threads(BASELINE) },
  {
    name: "cpu, baseline, no Winograd",
    ways: [cpu("2 threads", 2, { ...BASELINE, winograd: "off" })],
  },
];

const FUSED: readonly Setting[] = [
  {
    name: "cpu, fused multiply-add",
    ways: [...threads({}), cpu("2 threads, WebAssembly alone", 2, WASM)],
  },
  {
    name: "cpu, fused multiply-add, no Winograd",
    ways: [cpu("2 threads", 2, { winograd: "off" })],
  },
  { name: "cpu, fused multiply-add, fast mode", ways: [cpu("2 threads", 2, { wide: true })] },
];

/**
 * Whether this engine's relaxed multiply-add rounds once: (1 + e)² − (1 + 2e) is then e² and else 0. It depends on
 * the processor's instructions.
 */
async function isFused(): Promise<boolean> {
  const e = 2 ** -13;
  await using run = runtimeOn(openCpu(1, WASM));
  const row = tensor([[-1, 1 + e]]), column = tensor([[1 + 2 * e], [1 + e]]);
  return (await run.read(ops.matmul(row, column)))[0] === e * e;
}

/** The setting of the WebGPU adapter that is there, by its name and the driver's version. */
async function onWebGpu(): Promise<Setting> {
  await using run = await open({ device: "webgpu" });
  const way = { name: "webgpu", open: () => open({ device: "webgpu" }) };
  return { name: `webgpu, ${run.description}`, ways: [way] };
}

/** The settings that this machine has. */
export async function settingsHere(): Promise<Settings> {
  const fused = await isFused(), without = await whyNoWebGpu();
  return {
    here: [
      ...BASELINES,
      ...(fused ? FUSED : []),
      ...(without === undefined ? [await onWebGpu()] : []),
    ],
    skipped: [
      ...(fused
        ? []
        : ["cpu, fused multiply-add: this processor's relaxed multiply-add rounds twice"]),
      ...(without === undefined ? [] : [without]),
    ],
  };
}
