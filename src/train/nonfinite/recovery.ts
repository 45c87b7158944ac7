/**
 * How a training step goes on, on the device, where numbers are not finite: what it keeps to go back to, and
 * which of the parameters before it, after it, and last known to be good the next step starts from.
 *
 * @module
 */
import { abs, add, cast, less, max, maximum, mul, sub, sum, where } from "../../ops/mod.ts";
import { type Params, type Tensor, tensor } from "../../tensor.ts";
import { leaves, mapTree, unflatten } from "../../tree.ts";
import type { NonFinitePolicy } from "./policy.ts";

/** A magnitude not below this counts as not finite; so does NaN, since comparisons with it are false. */
export const HUGE = 3e38;

/** What an update changes. */
export type Snapshot<P extends Params = Params, S extends Params = Params> = {
  readonly params: P;
  /** The optimizer's state. */
  readonly state: S;
  /** The running averages of the parameters, if there are any. */
  readonly averages?: P;
};

/** What a step keeps to go back to. All tensors but those of `last` have shape []. */
export type Recovery<P extends Params = Params, S extends Params = Params> = {
  /**
   * What was before the last update. After `stop` at a bad step it changes places with the carry's own at
   * each step, so that both are kept without a copy. Absent where it would take too much memory.
   */
  readonly last?: Snapshot<P, S>;
  /** 1 if loss or gradients of the bad step were not finite, 0 if only updated parameters were not; i32. */
  readonly badParams: Tensor;
  /** Steps without an update, i32; absent with `stop`. */
  readonly skipped?: Tensor;
  /** Those since the last update, i32; absent with `stop`. */
  readonly inRow?: Tensor;
  /** The factor of the learning rate, f32; absent with `stop`. */
  readonly rateFactor?: Tensor;
  /** Steps taken before the last one with an update, i32; absent with `stop`. */
  readonly lastStep?: Tensor;
};

/** What is known of a step's numbers; each is 1 if so, else 0, of shape []. */
export interface Verdict {
  /** Whether loss and gradients are finite. */
  readonly params: Tensor;
  /** Whether everything is. */
  readonly all: Tensor;
}

const zero = (): Tensor => tensor(Int32Array.of(0), []);

/** The recovery before the first step. */
export const initialRecovery = <P extends Params, S extends Params>(
  { params, state, averages }: Snapshot<P, S>,
  { action }: NonFinitePolicy,
  keepsLast: boolean,
): Recovery<P, S> => ({
  ...(keepsLast && { last: { params, state, ...(averages && { averages }) } }),
  badParams: zero(),
  ...(action !== "stop" && {
    skipped: zero(),
    inRow: zero(),
    rateFactor: tensor(Float32Array.of(1), []),
    lastStep: zero(),
  }),
});

/** 1 if every element of every tensor is finite, else 0; u32[]. */
function areFinite(all: readonly Tensor[]): Tensor | undefined {
  const largest = all.map((w) => max(abs(w)));
  return largest.length > 0 ? less(largest.reduce(maximum), HUGE) : undefined;
}

/** Whether the numbers of a step are finite: loss, gradients and, if given, updated parameters. */
export function judge(loss: Tensor, grads: Params, updated: readonly Tensor[] = []): Verdict {
  const squares = leaves<Tensor>(grads).map((g) => sum(mul(g, g))), fine = less(abs(loss), HUGE);
  const params = squares.length > 0 ? mul(fine, less(squares.reduce(add), HUGE)) : fine;
  const after = areFinite(updated);
  return { params, all: after ? mul(params, after) : params };
}

/** For each tensor of two trees of one structure, that of the first where `condition` is 1, else the other. */
export const choose = <T extends Params>(condition: Tensor, yes: T, no: T): T =>
  mapTree<Tensor, Tensor, T>(
    (a, b) => a === b ? a : where(condition, a, b),
    yes,
    no,
  ) as unknown as T;

/** Parameters moved by a part of an update: the learning rate of any optimizer times `factor`. */
export function scaleUpdate(
  before: readonly Tensor[],
  after: readonly Tensor[],
  factor: Tensor,
): readonly Tensor[] {
  const isLower = less(factor, 1);
  return after.map((w, i) => {
    const start = before[i]!;
    return w === start ? w : where(isLower, add(start, mul(factor, sub(w, start))), w);
  });
}

/** What a step leaves, of what an update changes. */
export interface Settlement<P extends Params, S extends Params> {
  readonly next: Snapshot<P, S>;
  readonly recovery?: Recovery<P, S>;
  /** 1 if this step ends the run, else 0. */
  readonly ends: Tensor;
}

/** A step to settle: what was before its update, what is after it, and whether numbers are finite. */
export interface Unsettled<P extends Params, S extends Params> {
  readonly before: Snapshot<P, S>;
  readonly after: Snapshot<P, S>;
  readonly recovery: Recovery<P, S> | undefined;
  readonly verdict: Verdict;
  /** 1 while no step has ended the run. */
  readonly converging: Tensor;
  /** Steps taken before, i32. */
  readonly step: Tensor;
}

/** Ends the run at the first bad step. */
function settleStop<P extends Params, S extends Params>(
  { before, after, recovery, verdict, converging }: Unsettled<P, S>,
): Settlement<P, S> {
  const good = mul(verdict.all, converging), ends = mul(converging, less(verdict.all, 1));
  if (!recovery) return { next: choose(good, after, before), ends };
  const { last } = recovery;
  const badParams = where(mul(ends, less(verdict.params, 1)), 1, recovery.badParams);
  return {
    next: choose(good, after, last ?? before),
    recovery: { ...recovery, ...(last && { last: before }), badParams },
    ends,
  };
}

/** Goes on after a bad step, unless there were too many. */
function settleOn<P extends Params, S extends Params>(
  { before, after, recovery, verdict, converging, step }: Unsettled<P, S>,
  { action, factor, limit }: NonFinitePolicy,
): Settlement<P, S> {
  const { last, badParams, skipped, inRow, rateFactor, lastStep } = recovery as Required<
    Recovery<P, S>
  >;
  const good = mul(verdict.all, converging), bad = mul(converging, less(verdict.all, 1));
  const count = action === "skip" ? inRow : skipped;
  const ends = mul(bad, less(limit - 1, count)), goesOn = mul(bad, sub(1, ends));
  const instead = action === "skip" || !last ? before : choose(goesOn, last, before);
  const more = cast(goesOn, "i32");
  return {
    next: choose(good, after, instead),
    recovery: {
      ...(last && { last: choose(good, before, last) }),
      badParams: where(mul(ends, less(verdict.params, 1)), 1, badParams),
      skipped: add(skipped, more),
      inRow: where(good, 0, add(inRow, more)),
      rateFactor: action === "skip"
        ? rateFactor
        : where(goesOn, mul(rateFactor, factor), rateFactor),
      lastStep: where(good, step, lastStep),
    },
    ends,
  };
}

/** What a step leaves by a policy. */
export const settle = <P extends Params, S extends Params>(
  step: Unsettled<P, S>,
  policy: NonFinitePolicy,
): Settlement<P, S> =>
  policy.action === "stop" || !step.recovery ? settleStop(step) : settleOn(step, policy);

/** A tree of the structure of another one, from its tensors in order. */
export const withLeaves = <P extends Params>(like: P, all: readonly Tensor[]): P =>
  unflatten<P, Tensor, Tensor>(like, all) as unknown as P;

/** What a run that has ended at a bad step keeps. */
export interface Outcome<P extends Params, S extends Params> {
  /** What the bad step was computed from. */
  readonly bad: Snapshot<P, S>;
  /** The last with finite loss and gradients; undefined if it was not kept. */
  readonly good: Snapshot<P, S> | undefined;
}

/**
 * Finds both in the carry of a run that has ended.
 *
 * @param since Steps from the bad one, which counts, to the last.
 */
export function outcomeOf<P extends Params, S extends Params>(
  own: Snapshot<P, S>,
  last: Snapshot<P, S> | undefined,
  { action }: NonFinitePolicy,
  { since, badParams }: { readonly since: number; readonly badParams: boolean },
): Outcome<P, S> {
  const hasMoved = last !== undefined && action === "stop" && since % 2 === 1;
  const bad = hasMoved ? last : own, before = hasMoved ? own : last;
  return { bad, good: badParams ? before : bad };
}
