/**
 * Timing one kernel by the device's own clock.
 *
 * @module
 */
import type { Runtime } from "../src/runtime/mod.ts";
import { mul } from "../src/ops/mod.ts";
import type { Tensor } from "../src/tensor.ts";
import { median, type Spread, spreadOf } from "./measure.ts";

/** A function of tensors that becomes one kernel, or few. */
export type Kernel = (...inputs: Tensor[]) => Tensor;

/** What a call costs. */
export interface KernelTime {
  /** Milliseconds in kernels. */
  readonly ms: Spread;
  /** Milliseconds by the host's clock, calls following on each other. */
  readonly callMs: number;
}

/** Looks at the clock: about so many, at least so many, and calls between two of them at most. */
const LOOKS = 8, LEAST_LOOKS = 3, MOST_CALLS = 500;

/** Tensors that lie on the device. */
export const onDevice = (run: Runtime, inputs: readonly Tensor[]): Tensor[] =>
  inputs.map((x) => run.jit((x: Tensor) => mul(x, 1))(x));

/**
 * Times a kernel for so many milliseconds after it is compiled and warm.
 *
 * @param run A runtime that was opened to be profiled.
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
  /** The milliseconds of a call in kernels, and as the host sees it. */
  const look = async (calls: number): Promise<[number, number]> => {
    await run.profile();
    const from = performance.now();
    for (let i = 0; i < calls; i++) drop(call(...inputs));
    const { kernels } = await run.profile(), whole = performance.now() - from;
    return [kernels.reduce((sum, { ms }) => sum + ms, 0) / calls, whole / calls];
  };
  let [once] = await look(1);
  if (once < budget) [once] = await look(2);
  const calls = Math.max(1, Math.min(MOST_CALLS, Math.round(budget / LOOKS / once)));
  await look(calls);
  const looks: [number, number][] = [], from = performance.now();
  while (looks.length < LEAST_LOOKS || performance.now() - from < budget) {
    looks.push(await look(calls));
  }
  return {
    ms: spreadOf(looks.map(([inside]) => inside)),
    callMs: median(looks.map(([, whole]) => whole)),
  };
}
