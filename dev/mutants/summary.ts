/**
 * What a run of all faults came to: counts by room, and the faults that slipped through.
 *
 * @module
 */
import { type Fault, faultName, roomOf } from "./fault.ts";
import type { Verdict } from "./judge.ts";

/** A fault and what became of it. */
export interface Judged {
  readonly fault: Fault;
  readonly verdict: Verdict;
}

/** Counts of faults; the equivalent ones are in none but `equivalent`. */
export interface Counts {
  readonly planted: number;
  readonly noticed: number;
  readonly survived: number;
  readonly errors: number;
  readonly equivalent: number;
}

/** The share of faults that tests must notice. */
export const WANTED = 0.97;

const counts = (judged: readonly Judged[], ...outcomes: Verdict["outcome"][]): number =>
  judged.filter(({ verdict }) => outcomes.includes(verdict.outcome)).length;

/** The counts of some faults. */
export function countVerdicts(judged: readonly Judged[]): Counts {
  const counted = judged.filter(({ fault }) => fault.equivalent === undefined);
  return {
    planted: counted.length,
    noticed: counts(counted, "killed", "time-out"),
    survived: counts(counted, "survived"),
    errors: counts(counted, "error"),
    equivalent: judged.length - counted.length,
  };
}

/** The counts of each room, in alphabetical order. */
export function countByRoom(judged: readonly Judged[]): (readonly [room: string, Counts])[] {
  const rooms = Map.groupBy(judged, ({ fault }) => roomOf(fault.file));
  return [...rooms].map(([room, each]) => [room, countVerdicts(each)] as const)
    .toSorted(([a], [b]) => a < b ? -1 : 1);
}

/** The share of the counted faults that tests notice; 1 of none. */
export const noticedShare = ({ planted, noticed }: Counts): number =>
  planted > 0 ? noticed / planted : 1;

/** Whether enough was noticed, and no fault is an error. */
export const isEnough = (counts: Counts): boolean =>
  counts.errors === 0 && noticedShare(counts) >= WANTED;

/** What is wrong with a run, a line each: errors, and faults that survived though not declared equivalent. */
export const complaints = (judged: readonly Judged[]): string[] =>
  judged.flatMap(({ fault, verdict: { outcome, what } }) => {
    if (outcome === "error") return [`error     ${faultName(fault)}\n          ${what}`];
    if (outcome !== "survived" || fault.equivalent !== undefined) return [];
    return [`survived  ${faultName(fault)}${fault.survives ? ` (${fault.survives})` : ""}`];
  });
