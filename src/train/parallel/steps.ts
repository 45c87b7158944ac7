/**
 * Data-parallel steps: each of several processes computes the gradients of its share of a batch, which are
 * summed over all of them before the optimizer takes its step, the same everywhere.
 *
 * @module
 */
import type { Rank } from "../../data/loader/rank.ts";
import { shareOf } from "../../data/loader/share.ts";
import type { Distributed } from "../../distributed/mod.ts";
import { withinShare } from "../../nn/batch_share.ts";
import type { Runtime } from "../../runtime/mod.ts";
import type { Params, Tensor } from "../../tensor.ts";
import type { Examples } from "../input/batch_tensors.ts";
import {
  applyGradients,
  batchGradients,
  type Carry,
  type MeasuredTraining,
  type UpdateOptions,
} from "../step.ts";
import { type Layout, packGradients, type Part, unpackGradients } from "./packed.ts";
import { PartSums, sumsOverlap } from "./sum_parts.ts";

/** The inputs of a compiled training step. */
export type StepInput = {
  readonly inputs: Params;
  readonly first: Tensor;
};

/** The inputs of a compiled update. */
type UpdateInput = {
  readonly parts: readonly Part[];
  readonly first: Tensor;
};

/** What all processes train. */
export interface ParallelTraining<P extends Params, S extends Params> extends UpdateOptions<S> {
  readonly training: MeasuredTraining<P>;
  /** Examples of a whole batch. */
  readonly batch: number;
  /** The examples of this process's share, from a step's inputs, inside the compiled function. */
  readonly materialize: (inputs: Params) => Examples;
  readonly job: Distributed;
  readonly signal?: AbortSignal | undefined;
  /** Whether sums overlap with the backward pass, the same in all processes; {@linkcode sumsOverlap} says if left out. */
  readonly overlap?: boolean | undefined;
}

/** A carry after a step, and whether a process asked to stop, which all learn at the same step. */
export type ParallelStep<P extends Params, S extends Params> = readonly [
  carry: Carry<P, S>,
  stop: boolean,
];

/** Throws RangeError unless every process gets an example of each batch. */
export function checkShares(batch: number, { size }: Rank): void {
  if (batch >= size) return;
  throw new RangeError(
    `fit: expected a batch of at least one example for each of ${size} processes, found ${batch}`,
  );
}

/**
 * Takes a step for each input. The gradients are summed in the device's own memory if the host shares it,
 * between the compiled gradients and the compiled update or, part after part, while gradients are computed.
 */
export async function* parallelSteps<P extends Params, S extends Params>(
  run: Runtime,
  { training, batch, materialize, job, signal, overlap = sumsOverlap(job), ...options }:
    ParallelTraining<P, S>,
  start: Carry<P, S>,
  xs: Iterable<StepInput> | AsyncIterable<StepInput>,
): AsyncGenerator<ParallelStep<P, S>, void, void> {
  const share = shareOf(batch, job);
  const sums = new PartSums({ job, signal, overlap });
  let layout: Layout, current = start, summed: readonly Part[] = [];
  const gradients = (carry: Carry<P, S>, inputs: Params): readonly Part[] => {
    const own = withinShare(share, () => batchGradients(training, carry, materialize(inputs)));
    const [parts, packed] = packGradients(own, carry.params, share.count / batch);
    layout = packed;
    sums.parts = parts.length;
    return parts;
  };
  const gradientsOf = run.jit(gradients, { observe: sums });
  const update = (carry: Carry<P, S>, { parts, first }: UpdateInput) => {
    const gradients = unpackGradients(parts, layout, carry.params);
    return [applyGradients(options, carry, gradients, batch, first), []] as const;
  };
  async function* updates(): AsyncGenerator<UpdateInput, void> {
    for await (const { inputs, first } of xs) {
      summed = await sums.sum(run, gradientsOf(current, inputs));
      yield { parts: summed, first };
    }
  }
  const drop = run.jit((_: Params): readonly Tensor[] => [], { donate: [0] });
  for await (const [carry] of run.fold(update, start, updates())) {
    current = carry;
    drop(summed);
    yield [carry, sums.stop];
  }
}
