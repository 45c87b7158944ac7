/**
 * The share of one of several processes in each batch.
 *
 * @module
 */
import type { Rank } from "./rank.ts";
import type { BatchPlan } from "./sampler.ts";

/** The first of so many examples that is a process's own, and how many are: as even as possible. */
export function shareOf(examples: number, { rank, size }: Rank): { first: number; count: number } {
  const first = Math.floor(examples * rank / size);
  return { first, count: Math.floor(examples * (rank + 1) / size) - first };
}

/** A process's share of a batch. */
export function sharePlan(plan: BatchPlan, rank: Rank): BatchPlan {
  const { first, count: size } = shareOf(plan.size, rank);
  const indices = plan.indices.subarray(first, first + size);
  const { crop, part } = plan;
  return {
    ...plan,
    ...{ size, indices, count: indices.length },
    crop: (slot) => crop(first + slot),
    part: part && ((slot) => part(first + slot)),
  };
}
