/**
 * Timing a kernel by the device's own clock.
 *
 * @module
 */
import type { Runtime } from "../src/runtime/mod.ts";
import { mul } from "../src/ops/mod.ts";
import type { Tensor } from "../src/tensor.ts";
import { computeSpread, median, type Spread } from "./measure.ts";

/** A function of tensors that becomes one kernel, or few. */
export type Kernel = (...inputs: Tensor[]) => Tensor;

/** The time of a call. */
export interface KernelTime {
  /** Milliseconds in kernels. */
  readonly ms: Spread;
  /** Milliseconds by the host's clock, calls back to back. */
  readonly callMs: number;
}

/** Samples: how many to aim for, the least, and the most calls in one. */
const SAMPLES = 8, LEAST_SAMPLES = 3, MOST_CALLS = 500;

/** Copies tensors to the device. */
export const onDevice = (run: Runtime, inputs: readonly Tensor[]): Tensor[] =>
  inputs.map((x) => run.jit((x: Tensor) => mul(x, 1))(x));

/**
 * Times a kernel for `budget` milliseconds, after it is compiled and warm.
 *
 * @param run A runtime opened with `profile`.
 * @param inputs Tensors on the device.
 */
export async function timeKernel(
  run: Runtime,
  kernel: Kernel,
  inputs: readonly Tensor[],
  budget: number,
): Promise<KernelTime> {
  const call = run.jit(kernel),
    drop = run.jit((_: Tensor): readonly Tensor[] => [], { donate: [0] });
  /** Milliseconds per call in kernels, and by the host's clock. */
  const sample = async (calls: number): Promise<[number, number]> => {
    await run.profile();
    const from = performance.now();
    for (let i = 0; i < calls; i++) drop(call(...inputs));
    const { kernels } = await run.profile(), whole = performance.now() - from;
    return [kernels.reduce((sum, { ms }) => sum + ms, 0) / calls, whole / calls];
  };
  let [once] = await sample(1);
  if (once < budget) [once] = await sample(2);
  const calls = Math.max(1, Math.min(MOST_CALLS, Math.round(budget / SAMPLES / once)));
  await sample(calls);
  const samples: [number, number][] = [], from = performance.now();
  while (samples.length < LEAST_SAMPLES || performance.now() - from < budget) {
    samples.push(await sample(calls));
  }
  return {
    ms: computeSpread(samples.map(([inside]) => inside)),
    callMs: median(samples.map(([, whole]) => whole)),
  };
}
