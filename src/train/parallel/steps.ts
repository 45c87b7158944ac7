/**
 * Data-parallel steps: each of several processes computes the gradients of its share of a batch, which are
 * summed over all of them before the optimizer takes its step, the same everywhere.
 *
 * @module
 */
import { type Rank, shareOf } from "../../data/loader/share.ts";
import type { Distributed } from "../../distributed/mod.ts";
import { withinShare } from "../../nn/batch_share.ts";
import type { Optimizer } from "../../optim/mod.ts";
import type { Runtime } from "../../runtime/mod.ts";
import type { Params, Tensor } from "../../tensor.ts";
import type { Examples } from "../input/batch_tensors.ts";
import {
  applyGradients,
  averageCarry,
  batchGradients,
  type Carry,
  type MeasuredTraining,
} from "../step.ts";
import { type Layout, packGradients, unpackGradients } from "./packed.ts";

/** The inputs of a compiled training step. */
export type StepInput = {
  readonly inputs: Params;
  readonly first: Tensor;
};

/** What all processes train. */
export interface ParallelTraining<P extends Params, S extends Params> {
  readonly training: MeasuredTraining<P>;
  readonly optimizer: Optimizer<S>;
  /** The decay of running averages of the parameters, if there are any. */
  readonly averaging?: number | undefined;
  /** Examples of a whole batch. */
  readonly batch: number;
  /** The examples of this process's share, from a step's inputs, inside the compiled function. */
  readonly materialize: (inputs: Params) => Examples;
  readonly job: Distributed;
  readonly signal?: AbortSignal | undefined;
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
 * Takes a step for each input. Between the compiled gradients and the compiled update, the gradients are
 * summed in the device's own memory if the host shares it.
 */
export async function* parallelSteps<P extends Params, S extends Params>(
  run: Runtime,
  { training, optimizer, averaging, batch, materialize, job, signal }: ParallelTraining<P, S>,
  start: Carry<P, S>,
  xs: Iterable<StepInput> | AsyncIterable<StepInput>,
): AsyncGenerator<ParallelStep<P, S>, void, void> {
  const share = shareOf(batch, job);
  let layout: Layout, current = start, vector: Tensor | undefined, stop = false;
  const gradientsOf = run.jit(function gradients(carry: Carry<P, S>, inputs: Params): Tensor {
    const own = withinShare(share, () => batchGradients(training, carry, materialize(inputs)));
    const [vector, packed] = packGradients(own, carry.params, share.count / batch);
    layout = packed;
    return vector;
  });
  const update = (carry: Carry<P, S>, { vector, first }: { vector: Tensor; first: Tensor }) => {
    const gradients = unpackGradients(vector, layout, carry.params);
    const next = applyGradients(optimizer, carry, gradients, batch, first);
    return [averageCarry(carry, next, averaging), []] as const;
  };
  async function* summed() {
    for await (const { inputs, first } of xs) {
      const reduced = await run.edit(gradientsOf(current, inputs), (elements) => {
        const sums = elements as Float32Array, last = sums.length - 1;
        if (signal?.aborted) sums[last] = 1;
        job.allReduce(sums);
        stop = sums[last]! > 0;
      }, "allReduce");
      vector = reduced;
      yield { vector: reduced, first };
    }
  }
  const drop = run.jit((_: Params): readonly Tensor[] => [], { donate: [0] });
  for await (const [carry] of run.fold(update, start, summed())) {
    current = carry;
    drop(vector!);
    yield [carry, stop];
  }
}
