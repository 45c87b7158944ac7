/**
 * The learning curve of one run.
 *
 * @module
 */
import { rateDrops } from "../run/rate_drops.ts";
import type { Run } from "../run/read_run.ts";
import type { EpochRow } from "../run/tables.ts";
import { countAxis, linearAxis } from "./axis.ts";
import { withEndLabel } from "./end_label.ts";
import type { Figure, Line, Panel, Point } from "./panel.ts";

/** The quantity of a panel: its columns of `epochs.csv`, unit and digits. */
interface Quantity {
  readonly axis: string;
  readonly test: "testLoss" | "testAccuracy";
  readonly train: "trainLoss" | "trainAccuracy";
  readonly times: number;
  readonly digits: number;
  readonly bounds: readonly [number, number];
}

/** The points of a column, where they are finite. */
const columnPoints = (
  epochs: readonly EpochRow[],
  column: Quantity["test" | "train"],
  times: number,
): readonly Point[] =>
  epochs.map((row) => ({ x: row.epoch, y: times * row[column] }))
    .filter(({ y }) => Number.isFinite(y));

/** The curves of testing and of training. */
function curveLines(
  epochs: readonly EpochRow[],
  { test, train, times, digits }: Quantity,
): readonly Line[] {
  const tested = { name: "test", color: 0, points: columnPoints(epochs, test, times) };
  const trained = { name: "training", color: 1, points: columnPoints(epochs, train, times) };
  return [withEndLabel(tested, digits), withEndLabel({ ...trained, dashed: true }, digits)];
}

/** The title of a loss's axis, with its unit. */
export const lossTitle = (loss: unknown): string =>
  loss === "softmax" ? "loss, nats" : loss === "hinge" ? "hinge loss" : "loss";

/** Epochs after which the learning rate drops, within the axis. */
const dropsWithin = ({ manifest: { settings = {} } }: Run, last: number): number[] =>
  rateDrops(settings).filter((at) => at < last);

const lossQuantity = (loss: unknown): Quantity => ({
  axis: lossTitle(loss),
  test: "testLoss",
  train: "trainLoss",
  times: 1,
  digits: 3,
  bounds: [0, Infinity],
});

const ACCURACY: Quantity = {
  axis: "accuracy, %",
  test: "testAccuracy",
  train: "trainAccuracy",
  times: 100,
  digits: 1,
  bounds: [0, 100],
};

/** A panel of one quantity by epoch. */
function curvePanel(run: Run, quantity: Quantity): Panel {
  const { epochs } = run, first = epochs[0]!.epoch, last = epochs.at(-1)!.epoch;
  const lines = curveLines(epochs, quantity);
  const heights = lines.flatMap(({ points }) => points.map(({ y }) => y));
  return {
    x: countAxis("epoch", first, last),
    events: dropsWithin(run, last),
    lines,
    y: linearAxis(quantity.axis, heights, quantity.bounds),
  };
}

/** Loss and accuracy of training and testing by epoch; undefined before the first epoch has ended. */
export function curveFigure(run: Run): Figure | undefined {
  if (run.epochs.length === 0) return undefined;
  const quantities = [lossQuantity(run.manifest.settings?.loss), ACCURACY];
  const panels = quantities.map((quantity) => curvePanel(run, quantity));
  const drops = panels.some(({ events }) => events!.length > 0);
  return {
    name: "curve",
    title: `Learning curves of ${run.name}`,
    caption:
      `Loss and accuracy by epoch. Training values are means over the epoch's batches, taken ` +
      "while the weights change, with dropout and augmentation; " +
      "test values are taken after the epoch. From epochs.csv.",
    key: drops ? ["Dotted lines: the learning rate drops."] : [],
    panels,
  };
}
