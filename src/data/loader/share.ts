/**
 * The share of one of several processes in each batch.
 *
 * @module
 */
import type { BatchPlan } from "./sampler.ts";

/** One of several processes. */
export interface Rank {
  /** Its number, from 0. */
  readonly rank: number;
  /** How many there are. */
  readonly size: number;
}

/** The first of so many examples that is a process's own, and how many are: as even as possible. */
export function shareOf(examples: number, { rank, size }: Rank): { first: number; count: number } {
  const first = Math.floor(examples * rank / size);
  return { first, count: Math.floor(examples * (rank + 1) / size) - first };
}

/** A process's share of a batch. */
export function sharePlan(plan: BatchPlan, rank: Rank): BatchPlan {
  const { first, count: size } = shareOf(plan.size, rank);
  const indices = plan.indices.subarray(first, first + size);
  return { ...plan, size, indices, count: indices.length, crop: (slot) => plan.crop(first + slot) };
}
