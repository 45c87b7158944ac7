/**
 * Findings: what an experiment measures beside the accuracy of its runs, as tables.
 *
 * @module
 */
import { aligned } from "../../cli/align.ts";
import { NONE } from "../../cli/format.ts";
import type { Run } from "../../run/read_run.ts";

/** A value of a finding; null where there is none. */
export type FindingValue = string | number | null;

/** A finding, as `experiment.json` has it. */
export interface Finding {
  readonly title: string;
  /** Names of the columns; those of rows and columns of the experiment come first, without a name. */
  readonly head: readonly string[];
  /** Values by the head. */
  readonly lines: readonly (readonly FindingValue[])[];
  /** How it was measured, and what follows, a sentence each. */
  readonly notes: readonly string[];
  /** Where the lines are a grid that reports also draw: its names, and what a smaller number is. */
  readonly map?: {
    readonly rows: readonly string[];
    readonly columns: readonly string[];
    readonly less: string;
  };
}

/** A run that has ended. */
export interface EndedRun {
  readonly row: string;
  readonly column: string;
  readonly seed: number;
  readonly run: Run;
}

/** Digits of the values that are printed. */
const DIGITS = 4;

/** A value as text. */
export const valueText = (value: FindingValue): string =>
  value === null
    ? NONE
    : typeof value === "number"
    ? String(Number(value.toPrecision(DIGITS)))
    : value;

/** A finding as text. */
export function findingText({ title, head, lines, notes }: Finding): string {
  const names = head.filter((name) => name === "").length;
  const table = aligned([head, ...lines.map((line) => line.map(valueText))], names);
  return [title, ...table, ...notes].join("\n");
}

/** The middle one of some numbers, or the mean of the two in the middle; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b), half = sorted.length / 2;
  if (sorted.length === 0) return undefined;
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
}
