/**
 * The panels of a run by epoch: loss, accuracy and throughput.
 *
 * @module
 */
import { linearAxis, logAxis } from "../../plots/axis.ts";
import type { Axis, Point } from "../../plots/panel.ts";
import { linearTicks } from "../../plots/ticks.ts";
import type { EpochRow } from "../../run/tables.ts";
import { type RunView, STEP_POINT } from "../view.ts";
import { heights, lastText } from "./lines.ts";
import type { LiveLine, LivePanel } from "./plot.ts";

/** The quantity of a panel: its columns of the epochs, its field of the points between, unit and digits. */
interface Quantity {
  readonly test: keyof EpochRow;
  readonly train: keyof EpochRow;
  readonly step: keyof typeof STEP_POINT;
  readonly times: number;
  readonly digits: number;
}

const LOSS: Quantity = {
  test: "testLoss",
  train: "trainLoss",
  step: "loss",
  times: 1,
  digits: 4,
};

const ACCURACY: Quantity = {
  test: "testAccuracy",
  train: "trainAccuracy",
  step: "accuracy",
  times: 100,
  digits: 2,
};

/** The axis of epochs, from the start to the run's current step. */
function epochAxis({ points, rows, stepsPerEpoch }: RunView): Axis {
  const step = points.at(-1)?.[STEP_POINT.step] ?? 0;
  const last = Math.max(step / stepsPerEpoch, rows.at(-1)?.epoch ?? 0);
  return { title: "epoch", domain: [0, last], ticks: linearTicks(0, last, 6) };
}

// Numbers that are not finite have become null in JSON.
const stepPoints = (run: RunView, field: Quantity["step"], times: number): Point[] =>
  run.points.map((point) => ({
    x: point[STEP_POINT.step] / run.stepsPerEpoch,
    y: times * (point[STEP_POINT[field]] ?? NaN),
  }));

const epochPoints = (run: RunView, column: keyof EpochRow, times: number): Point[] =>
  run.rows.map((row) => ({ x: row.epoch, y: times * (row[column] ?? NaN) }));

/** Test values by epoch, training values by step; earlier runs without a page have epochs only. */
function curveLines(run: RunView, { test, train, step, times, digits }: Quantity): LiveLine[] {
  const tested = epochPoints(run, test, times);
  const trained = run.points.length > 0
    ? stepPoints(run, step, times)
    : epochPoints(run, train, times);
  return [
    { name: "test", color: 0, points: tested, end: lastText(tested, digits) },
    { name: "training", color: 1, points: trained, end: lastText(trained, digits) },
  ];
}

/** Lines with only positive points, for a logarithmic axis. */
const onlyPositive = (lines: readonly LiveLine[]): readonly LiveLine[] =>
  lines.map((line) => ({ ...line, points: line.points.filter(({ y }) => y > 0) }));

const rateDrops = ({ drops }: RunView, { domain: [, end] }: Axis): number[] =>
  drops.filter((at) => at > 0 && at < end);

/** Loss by epoch. */
export function lossPanel(run: RunView, log: boolean): LivePanel {
  const all = curveLines(run, LOSS), lines = log ? onlyPositive(all) : all, x = epochAxis(run);
  const y = log
    ? logAxis("loss", heights(lines))
    : linearAxis("loss", heights(lines), [0, Infinity]);
  const title = run.loss === "softmax" ? "Loss, nats" : `Loss, ${run.loss}`;
  return { title, x, y, lines, events: rateDrops(run, x) };
}

/** Accuracy by epoch. */
export function accuracyPanel(run: RunView): LivePanel {
  const lines = curveLines(run, ACCURACY), x = epochAxis(run);
  const y = linearAxis("accuracy, %", heights(lines), [0, 100]);
  return { title: "Accuracy, %", x, y, lines, events: rateDrops(run, x) };
}

/** Images per second by epoch. */
export function speedPanel(run: RunView): LivePanel {
  const points = run.points.length > 0
    ? stepPoints(run, "imagesPerSecond", 1).filter(({ y }) => y > 0)
    : epochPoints(run, "imagesPerSecond", 1);
  const lines = [{ name: "training", color: 2, points, end: lastText(points, 0) }];
  const y = linearAxis("images per second", [0, ...heights(lines)], [0, Infinity]);
  return { title: "Throughput, images/s", x: epochAxis(run), y, lines };
}
