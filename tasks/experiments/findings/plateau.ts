/**
 * How long the training loss of runs stays that of guessing, and which leads at the end.
 *
 * @module
 */
import type { Run } from "../../run/read_run.ts";
import type { StepRow } from "../../run/tables.ts";
import { type EndedRun, type Finding, median } from "./finding.ts";

/** What is measured. */
export interface Plateau {
  /** The loss below which a run has left its plateau, relative to that of guessing, ln(classes). */
  readonly below: number;
  /** The paper's epochs by row. */
  readonly paper?: Readonly<Record<string, number>>;
}

/** Rows of `steps.csv` that a smoothed loss is the mean of. */
export const WINDOW = 5;

/** The loss smoothed over the row and those before it. */
export const smoothed = (steps: readonly StepRow[]): readonly StepRow[] =>
  steps.map((row, i) => {
    const window = steps.slice(Math.max(0, i + 1 - WINDOW), i + 1);
    return { ...row, loss: window.reduce((sum, { loss }) => sum + loss, 0) / window.length };
  });

/** The first step at which the smoothed loss is below a bound; undefined if it never is. */
export const firstBelow = (steps: readonly StepRow[], bound: number): number | undefined =>
  smoothed(steps).find(({ loss }) => loss < bound)?.step;

/** Steps of an epoch; NaN before the first has ended. */
function stepsPerEpoch({ epochs }: Run): number {
  const last = epochs.at(-1);
  return last ? last.step / last.epoch : NaN;
}

/** The loss of guessing; NaN where the classes are not known. */
export const guessing = ({ manifest: { model } }: Run): number => Math.log(Number(model?.classes));

/** The losses of a row's runs by step, each the mean over its runs. */
function meanLosses(runs: readonly EndedRun[]): readonly StepRow[] {
  const rows = runs.flatMap(({ run }) => smoothed(run.steps));
  return [...Map.groupBy(rows, ({ step }) => step).values()].map((group) => ({
    ...group[0]!,
    loss: group.reduce((sum, { loss }) => sum + loss, 0) / group.length,
  }));
}

/** Which row of a column has the least loss at the end, and from where on; a sentence. */
function leaderNote(column: string, runs: readonly EndedRun[]): string[] {
  const curves = [...Map.groupBy(runs, ({ row }) => row)]
    .map(([row, group]) => ({ row, losses: meanLosses(group) }))
    .filter(({ losses }) => losses.length > 0);
  const last = Math.max(...curves.map(({ losses }) => losses.at(-1)!.step));
  const whole = curves.filter(({ losses }) => losses.at(-1)!.step === last);
  if (whole.length < 2) return [];
  const least = (step: number) => {
    const at = whole.map(({ row, losses }) => ({
      row,
      loss: losses.find((each) => each.step === step)?.loss ?? Infinity,
    }));
    return at.reduce((a, b) => b.loss < a.loss ? b : a).row;
  };
  const steps = whole[0]!.losses.map(({ step }) => step), leader = least(last);
  const others = steps.filter((step) => least(step) !== leader);
  const since = others.length === 0 ? "throughout" : `since step ${others.at(-1)}`;
  return [`${column}: the least training loss at the end is that of ${leader}, ${since}.`];
}

/** Measures it in each run. */
export function measurePlateau(
  { below, paper }: Plateau,
  { rows, columns }: { readonly rows: readonly string[]; readonly columns: readonly string[] },
  runs: readonly EndedRun[],
): Finding {
  const line = (row: string, column: string) => {
    const own = runs.filter((each) => each.row === row && each.column === column);
    const flat = own.map(({ run }) => firstBelow(run.steps, below * guessing(run)) ?? Infinity);
    const steps = median(flat), perEpoch = median(own.map(({ run }) => stepsPerEpoch(run)));
    const left = steps !== undefined && steps < Infinity;
    const loss = median(own.flatMap(({ run }) => smoothed(run.steps).at(-1)?.loss ?? []));
    return [
      row,
      column,
      left ? steps : own.length > 0 ? "never" : null,
      left && perEpoch ? steps / perEpoch : null,
      ...(paper ? [paper[row] ?? null] : []),
      loss ?? null,
    ];
  };
  return {
    title: "How long the training loss stays flat",
    head: ["", "", "steps", "epochs", ...(paper ? ["paper"] : []), "loss at the end"],
    lines: rows.flatMap((row) => columns.map((column) => line(row, column))),
    notes: [
      `Flat: until the training loss, smoothed over ${WINDOW} rows of steps.csv, is below ${below} ln(classes), ` +
      "the loss of guessing; medians over seeds.",
      ...columns.flatMap((column) =>
        leaderNote(column, runs.filter((each) => each.column === column))
      ),
    ],
  };
}
