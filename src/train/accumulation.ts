/**
 * Gradient accumulation: a batch in equal parts, one after another, for batches whose activations do not fit
 * in memory.
 *
 * @module
 */
import { add, constant, mul, where } from "../ops/mod.ts";
import { foldIn } from "../random.ts";
import type { Spec } from "../spec.ts";
import { owning, type Params, placeholder, type Tensor, tensor } from "../tensor.ts";
import { leaves, mapTree, unflatten } from "../tree.ts";
import type { Examples } from "./input/batch_tensors.ts";
import { mapValues } from "./metric_sums.ts";
import {
  applyGradients,
  type BatchGradients,
  batchGradients,
  type Carry,
  type MeasuredTraining,
  type TrainStepOptions,
} from "./step.ts";

/** Sums over the parts of a batch that have been computed. */
type Sums<P extends Params> = {
  readonly value: Tensor;
  readonly correct: Tensor;
  /** The sums of the metrics' parts, by name. */
  readonly measured: Readonly<Record<string, Tensor>>;
  readonly grads: P;
  /** What layers learned from the parts without gradients, one for each parameter that they learn. */
  readonly learned: readonly Tensor[];
};

/** The carry of a training whose batches are computed in parts. */
export type PartsCarry<P extends Params = Params, S extends Params = Params> = Carry<P, S> & {
  readonly sums: Sums<P>;
};

/** A part of a batch. */
export type PartInput = {
  readonly inputs: Params;
  /** 1 in the first batch of an epoch, else 0; u32[]. */
  readonly first: Tensor;
  /** Its index, from 0; u32[]. */
  readonly part: Tensor;
  /** Present in the last part, after which the parameters move; a step of its own is compiled for it. */
  readonly last?: readonly [];
};

/** A step on a part of a batch, for `fold`. */
export type PartStep<P extends Params, S extends Params> = (
  carry: PartsCarry<P, S>,
  x: PartInput,
) => readonly [PartsCarry<P, S>, readonly []];

/** Throws RangeError unless a batch has as many equal parts. */
export function checkAccumulation(parts: number, batch = parts): void {
  if (Number.isInteger(parts) && parts >= 1 && batch % parts === 0) return;
  throw new RangeError(
    `fit: expected accumulate to be an integer that divides the batch of ${batch}, found ${parts}`,
  );
}

/** Which parameters layers learn without gradients, by their index. */
export function learnedIndices<P extends Params, S extends Params>(
  training: MeasuredTraining<P>,
  carry: Carry<P, S>,
  { images, labels }: { readonly images: Spec; readonly labels: Spec },
): readonly number[] {
  const own = leaves<Tensor>(carry.params).map((w) => placeholder(w));
  const params = unflatten<P, Tensor, Tensor>(carry.params, own) as unknown as P;
  const examples = { images: placeholder(images), labels: placeholder(labels) };
  const { fixed } = batchGradients(training, { ...carry, params }, examples);
  return fixed.flatMap((w, i) => w && w !== own[i] ? [i] : []);
}

/** The carry with sums of nothing. */
export const withSums = <P extends Params, S extends Params>(
  carry: Carry<P, S>,
  learned: readonly number[] = [],
): PartsCarry<P, S> => ({
  ...carry,
  sums: {
    value: constant(0),
    correct: constant(0, [], "i32"),
    measured: mapValues(carry.metrics.parts, ({ shape }) => constant(0, shape)),
    grads: mapTree<Tensor, Tensor, P>((w) => constant(0, w.shape), carry.params) as unknown as P,
    learned: learned.map((i) => leaves<Tensor>(carry.params)[i]!),
  },
});

/** The carry without the sums, as a checkpoint holds it. */
export function withoutSums<P extends Params, S extends Params>(carry: Carry<P, S>): Carry<P, S> {
  const { sums: _, ...rest } = carry as PartsCarry<P, S>;
  return rest as Carry<P, S>;
}

/** The parts of a batch's inputs in host memory, whose tensors all have the examples along their first axis. */
export function* partsOf(inputs: Params, first: Tensor, parts: number): Generator<PartInput, void> {
  const all = leaves<Tensor>(inputs);
  for (const { data, shape: [examples = 0] } of all) {
    checkAccumulation(parts, examples);
    if (data) continue;
    throw new RangeError(
      "fit: expected batches in host memory for accumulate, found tensors of a device",
    );
  }
  for (let part = 0; part < parts; part++) {
    const own = all.map((x) => {
      const size = x.size / parts, [examples, ...rest] = x.shape as [number, ...number[]];
      return owning(x.data!.subarray(part * size, (part + 1) * size), [examples / parts, ...rest]);
    });
    yield {
      inputs: unflatten<unknown, Tensor, Tensor>(inputs, own) as Params,
      first,
      part: tensor(Uint32Array.of(part), []),
      ...(part === parts - 1 && { last: [] as const }),
    };
  }
}

/** What the parts so far give: sums, begun anew in the first part. */
function addGradients<P extends Params>(
  sums: Sums<P>,
  { value, correct, parts, grads, ...rest }: BatchGradients<P>,
  part: Tensor,
): BatchGradients<P> {
  const plus = (before: Tensor, more: Tensor) => add(where(part, before, 0), more);
  const more = leaves<Tensor>(grads);
  const added = leaves<Tensor>(sums.grads).map((sum, i) => plus(sum, more[i]!));
  return {
    ...rest,
    value: plus(sums.value, value),
    correct: plus(sums.correct, correct),
    parts: mapValues(parts, (more, name) => plus(sums.measured[name]!, more)),
    grads: unflatten<P, Tensor, Tensor>(grads, added) as unknown as P,
  };
}

/** The parameters with what layers have learned from the parts before. */
function withLearned<P extends Params>(
  params: P,
  learned: readonly Tensor[],
  indices: readonly number[],
  part: Tensor,
): P {
  const all = [...leaves<Tensor>(params)];
  indices.forEach((i, j) => all[i] = where(part, learned[j]!, all[i]!));
  return unflatten<P, Tensor, Tensor>(params, all) as unknown as P;
}

/**
 * A training step in parts for `fold`: gradients and losses are summed, and with the last part the parameters
 * move by the mean, as they would after the batch as a whole, up to rounding. Layers that see a whole batch
 * see a part instead: the statistics of batch norm are those of a part and move with each, and each part has a
 * dropout mask of its own. The parameters stay as they are until the last part.
 *
 * @param materialize The images and labels of a part's inputs.
 * @param learned The {@linkcode learnedIndices}.
 */
export function partStep<P extends Params, S extends Params>(
  { optimizer, averaging, policy, ...training }: TrainStepOptions<P, S>,
  parts: number,
  materialize: (inputs: Params) => Examples,
  learned: readonly number[],
): PartStep<P, S> {
  return function partStep({ sums, ...rest }, { inputs, first, part, last }) {
    const carry = rest as Carry<P, S>, examples = materialize(inputs);
    const params = withLearned(carry.params, sums.learned, learned, part);
    const own = { ...carry, params, key: foldIn(carry.key, part) };
    const gradients = addGradients(sums, batchGradients(training, own, examples), part);
    if (!last) {
      const { value, correct, parts: measured, grads, fixed } = gradients;
      const now = learned.map((i) => fixed[i]!);
      return [{ ...carry, sums: { value, correct, measured, grads, learned: now } }, []];
    }
    const mean = (sum: Tensor) => mul(sum, 1 / parts);
    const whole = {
      ...gradients,
      value: mean(gradients.value),
      grads: mapTree<Tensor, Tensor, P>(mean, gradients.grads) as unknown as P,
    };
    const batch = parts * examples.images.shape[0]!;
    return [
      { ...applyGradients({ optimizer, averaging, policy }, carry, whole, batch, first), sums },
      [],
    ];
  };
}
