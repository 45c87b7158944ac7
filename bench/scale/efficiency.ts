/**
 * What training by several processes gains: a model of a step, and the efficiency that follows from it.
 *
 * @module
 */
import { allReduceSeconds, type Network } from "./network.ts";

/** A part of the gradients: its bytes, and the share of a step after which it is ready. */
export interface ReadyPart {
  readonly bytes: number;
  readonly ready: number;
}

/** A step of one process: `overhead` seconds and `perExample` for each example of its share. */
export interface StepModel {
  readonly overhead: number;
  readonly perExample: number;
  /** Bytes of the gradients. */
  readonly bytes: number;
  /** Their parts, in the order in which they are ready. */
  readonly parts: readonly ReadyPart[];
}

/** The line through measured steps, by least squares, through no less than 0 at no examples. */
export function fitStep(
  steps: readonly (readonly [examples: number, seconds: number])[],
  { bytes, parts }: Pick<StepModel, "bytes" | "parts">,
): StepModel {
  const n = steps.length,
    mean = (of: (step: readonly [number, number]) => number) =>
      steps.reduce((sum, step) => sum + of(step), 0) / n;
  const x = mean(([b]) => b), y = mean(([, s]) => s);
  const slope = steps.reduce((sum, [b, s]) => sum + (b - x) * (s - y), 0) /
    steps.reduce((sum, [b]) => sum + (b - x) ** 2, 0);
  const overhead = y - slope * x;
  return overhead >= 0
    ? { overhead, perExample: slope, bytes, parts }
    : { overhead: 0, perExample: y / x, bytes, parts };
}

/** Seconds of a step of one process. */
export const stepSeconds = ({ overhead, perExample }: StepModel, examples: number): number =>
  overhead + perExample * examples;

/** A step model whose computing takes `times` as long. */
export const slowed = (step: StepModel, times: number): StepModel => ({
  ...step,
  overhead: step.overhead * times,
  perExample: step.perExample * times,
});

/** Several processes that take a step together, and the network between them. */
export interface Together {
  readonly processes: number;
  readonly network: Network;
  /** Whether sums overlap with the backward pass. */
  readonly overlap: boolean;
}

/**
 * Seconds of a step of several processes with a share of so many examples each: its computing, then one sum
 * of all gradients; or with overlap, sums of the parts one after another, each once it is ready, the network
 * taking no time of the processors.
 */
export function parallelSeconds(
  step: StepModel,
  examples: number,
  { processes, network, overlap }: Together,
): number {
  const computing = stepSeconds(step, examples);
  const sum = (bytes: number) => allReduceSeconds(bytes, processes, network);
  if (!overlap || step.parts.length === 0) return computing + sum(step.bytes);
  let done = 0;
  for (const { bytes, ready } of step.parts) {
    done = Math.max(done, ready * computing) + sum(bytes);
  }
  return done + (1 - step.parts.at(-1)!.ready) * computing;
}

/**
 * The efficiency of processes, of the time that they would take if they shared the work of one and nothing
 * else cost time: of one batch for all (`strong`), and of a batch for each (`weak`).
 */
export function efficiency(
  step: StepModel,
  batch: number,
  together: Together,
): { readonly strong: number; readonly weak: number } {
  const alone = stepSeconds(step, batch), { processes } = together;
  if (processes === 1) return { strong: 1, weak: 1 };
  return {
    strong: alone / processes / parallelSeconds(step, batch / processes, together),
    weak: alone / parallelSeconds(step, batch, together),
  };
}

/** The most processes, of powers of 2 up to `limit`, with at least an efficiency. */
export function mostProcesses(
  step: StepModel,
  batch: number,
  { least, kind, limit = 64, ...by }: Omit<Together, "processes"> & {
    readonly least: number;
    readonly kind: "strong" | "weak";
    readonly limit?: number;
  },
): number {
  let most = 1;
  for (let n = 2; n <= limit && (kind === "weak" || n <= batch); n *= 2) {
    if (efficiency(step, batch, { ...by, processes: n })[kind] >= least) most = n;
  }
  return most;
}
