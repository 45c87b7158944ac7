/**
 * What training by several processes gains: a model of a step, and the efficiency that follows from it.
 *
 * @module
 */
import { allReduceSeconds, type Network } from "./network.ts";

/** A step of one process: `overhead` seconds and `perExample` for each example of its share. */
export interface StepModel {
  readonly overhead: number;
  readonly perExample: number;
  /** Bytes of the gradients. */
  readonly bytes: number;
}

/** The line through measured steps, by least squares, through no less than 0 at no examples. */
export function fitStep(
  steps: readonly (readonly [examples: number, seconds: number])[],
  bytes: number,
): StepModel {
  const n = steps.length,
    mean = (of: (step: readonly [number, number]) => number) =>
      steps.reduce((sum, step) => sum + of(step), 0) / n;
  const x = mean(([b]) => b), y = mean(([, s]) => s);
  const slope = steps.reduce((sum, [b, s]) => sum + (b - x) * (s - y), 0) /
    steps.reduce((sum, [b]) => sum + (b - x) ** 2, 0);
  const overhead = y - slope * x;
  return overhead >= 0
    ? { overhead, perExample: slope, bytes }
    : { overhead: 0, perExample: y / x, bytes };
}

/** Seconds of a step of one process. */
export const stepSeconds = ({ overhead, perExample }: StepModel, examples: number): number =>
  overhead + perExample * examples;

/**
 * The efficiency of `processes`, of the time that they would take if they shared the work of one and nothing
 * else cost time: of one batch for all (`strong`), and of a batch for each (`weak`).
 */
export function efficiency(
  step: StepModel,
  batch: number,
  processes: number,
  network: Network,
): { readonly strong: number; readonly weak: number } {
  const sum = allReduceSeconds(step.bytes, processes, network), alone = stepSeconds(step, batch);
  return {
    strong: alone / processes / (stepSeconds(step, batch / processes) + sum),
    weak: alone / (alone + sum),
  };
}

/** The most processes, of powers of 2 up to `limit`, with at least an efficiency. */
export function mostProcesses(
  step: StepModel,
  batch: number,
  network: Network,
  { least, kind, limit = 64 }: {
    readonly least: number;
    readonly kind: "strong" | "weak";
    readonly limit?: number;
  },
): number {
  let most = 1;
  for (let n = 2; n <= limit && (kind === "weak" || n <= batch); n *= 2) {
    if (efficiency(step, batch, n, network)[kind] >= least) most = n;
  }
  return most;
}
