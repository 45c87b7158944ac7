/**
 * What learning curves are drawn of: accuracy and loss by epoch, accuracy by second, training loss by step.
 *
 * @module
 */
import { guessing, smoothed, WINDOW } from "../../experiments/findings/plateau.ts";
import { isErrorMeasure, toMeasure } from "../../experiments/measure.ts";
import { timePoints } from "../../experiments/seconds.ts";
import { countAxis, linearAxis } from "../../plots/axis.ts";
import type { Axis, Point } from "../../plots/panel.ts";
import { lossTitle } from "../../plots/run_curve.ts";
import { summarize } from "../../plots/statistics.ts";
import type { Run } from "../../run/read_run.ts";
import type { EpochRow } from "../../run/tables.ts";
import type { Results } from "../results.ts";
import { meanPoints } from "./mean_points.ts";

/** What a figure's curves are of. */
export interface CurveQuantity {
  /** The file's name. */
  readonly name: string;
  readonly title: string;
  /** The title of the vertical axis. */
  readonly axis: string;
  readonly bounds: readonly [number, number];
  /** The horizontal axis, from the first place to the last. */
  readonly xAxis: (first: number, last: number) => Axis;
  /** Whether the panels of an experiment have the same axes. */
  readonly shared: boolean;
  /** The mean of runs that differ by seed. */
  readonly pointsOf: (runs: readonly Run[]) => readonly Point[];
  /** Decimals of the labels of last values, by the span of the panel. */
  readonly digits: (span: number) => number;
  /** Which files it is from, as a sentence. */
  readonly from: string;
}

const accuracyDigits = (span: number): number => span < 10 ? 2 : 1;
const lossDigits = () => 3;

/** The loss of all runs, if they share one. */
function commonLoss({ cells }: Results): unknown {
  const losses = new Set(cells.flatMap(({ run }) => run?.manifest.settings?.loss ?? []));
  return losses.size === 1 ? [...losses][0] : undefined;
}

/** A quantity of each epoch. */
function byEpoch(
  of: (row: EpochRow) => number,
  quantity: Pick<CurveQuantity, "name" | "title" | "axis" | "bounds" | "digits">,
): CurveQuantity {
  return {
    ...quantity,
    xAxis: (first, last) => countAxis("epoch", first, last),
    shared: true,
    pointsOf: (runs) => {
      const rows = runs.flatMap(({ epochs }) => epochs);
      return meanPoints(rows.map((row) => ({ x: row.epoch, y: of(row) })), quantity.bounds);
    },
    from: "From each run's epochs.csv.",
  };
}

const accuracyWord = (results: Results) => isErrorMeasure(results) ? "error" : "accuracy";

/** Test accuracy, or error where that is the measure. */
function accuracyByEpoch(results: Results): CurveQuantity {
  const what = accuracyWord(results);
  return byEpoch(({ testAccuracy }) => toMeasure(results, testAccuracy), {
    name: what,
    title: `Test ${what} by epoch`,
    axis: `test ${what}, %`,
    bounds: [0, 100],
    digits: accuracyDigits,
  });
}

const lossByEpoch = (results: Results): CurveQuantity =>
  byEpoch(({ testLoss }) => testLoss, {
    name: "loss",
    title: "Test loss by epoch",
    axis: `test ${lossTitle(commonLoss(results))}`,
    bounds: [0, Infinity],
    digits: lossDigits,
  });

/** The same epochs as by epoch, each at its mean time. */
function accuracyBySecond(results: Results): CurveQuantity {
  const { name, title, ...quantity } = accuracyByEpoch(results);
  return {
    ...quantity,
    name: `${name}-by-second`,
    title: title.replace(/epoch$/, "second of initialization and training"),
    xAxis: (_, last) => ({ ...linearAxis("seconds", [0, last], [0, Infinity]) }),
    shared: false,
    pointsOf: (runs) => {
      const times = runs.flatMap((run) =>
        timePoints(run).map(({ seconds }, i) => ({ i, seconds }))
      );
      const meanTime = (epoch: number) =>
        summarize(times.filter(({ i }) => i === epoch).map(({ seconds }) => seconds))!.mean;
      return quantity.pointsOf(runs).map((point, i) => ({ ...point, x: meanTime(i) }));
    },
    from:
      "Without evaluations; the first epoch compiles. From each run's epochs.csv and manifest.json.",
  };
}

/** The most of a loss that is drawn, relative to that of guessing: what explodes at first would hide the rest. */
const MOST = 1.5;

/** The smoothed training losses of a run, as far as they are drawn. */
function drawnLosses(run: Run): readonly Point[] {
  const most = MOST * guessing(run);
  return smoothed(run.steps).filter(({ loss }) => !(loss > most))
    .map(({ step, loss }) => ({ x: step, y: loss }));
}

/** The training loss by step. */
const lossByStep = (results: Results): CurveQuantity => ({
  name: "loss-by-step",
  title: "Training loss by step",
  axis: `training ${lossTitle(commonLoss(results))}`,
  bounds: [0, Infinity],
  xAxis: (first, last) => countAxis("step", first, last),
  shared: true,
  pointsOf: (runs) => meanPoints(runs.flatMap(drawnLosses)),
  digits: lossDigits,
  from:
    `Smoothed over ${WINDOW} rows of each run's steps.csv; without values above ${MOST} times the loss ` +
    "of guessing.",
});

/** What the curves of results are drawn of. */
export const curveQuantities = (results: Results): readonly CurveQuantity[] => [
  ...(results.cells.some(({ run }) => run && run.steps.length > 0) ? [lossByStep(results)] : []),
  accuracyByEpoch(results),
  ...(results.bySecond ? [accuracyBySecond(results)] : []),
  lossByEpoch(results),
];
