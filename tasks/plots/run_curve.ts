/**
 * The learning curve of one run.
 *
 * @module
 */
import { countAxis, linearAxis } from "./axis.ts";
import { withEndLabel } from "./end_label.ts";
import type { Figure, Line, Panel } from "./panel.ts";
import type { Run } from "../run/read_run.ts";
import type { EpochRow } from "../run/tables.ts";

type Column = "trainLoss" | "testLoss" | "trainAccuracy" | "testAccuracy";

const columnPoints = (epochs: readonly EpochRow[], column: Column, times: number) =>
  epochs.map((row) => ({ x: row.epoch, y: times * row[column] }))
    .filter(({ y }) => Number.isFinite(y));

function curveLines(
  epochs: readonly EpochRow[],
  test: Column,
  train: Column,
  times: number,
  digits: number,
): readonly Line[] {
  const training = { name: "training", colour: 1, dashed: true };
  return [
    withEndLabel({ name: "test", colour: 0, points: columnPoints(epochs, test, times) }, digits),
    withEndLabel({ ...training, points: columnPoints(epochs, train, times) }, digits),
  ];
}

const heights = (lines: readonly Line[]): number[] =>
  lines.flatMap(({ points }) => points.map(({ y }) => y));

/** What a loss is measured in. */
export const lossTitle = (loss: unknown): string =>
  loss === "softmax" ? "loss, nats" : loss === "hinge" ? "hinge loss" : "loss";

/** Epochs after which the rate drops, of those that the axis reaches. */
const rateDrops = ({ manifest: { settings } }: Run, last: number): number[] =>
  Array.isArray(settings?.dropAt)
    ? settings.dropAt.filter((at): at is number => typeof at === "number" && at > 0 && at < last)
    : [];

/** Loss and accuracy of training and testing by epoch; undefined before the first epoch's end. */
export function curveFigure(run: Run): Figure | undefined {
  const { epochs, manifest: { settings = {} } } = run, last = epochs.at(-1);
  if (!last) return undefined;
  const losses = curveLines(epochs, "testLoss", "trainLoss", 1, 3);
  const accuracies = curveLines(epochs, "testAccuracy", "trainAccuracy", 100, 1);
  const x = countAxis("epoch", epochs[0]!.epoch, last.epoch), events = rateDrops(run, last.epoch);
  const panels: Panel[] = [
    {
      x,
      events,
      lines: losses,
      y: linearAxis(lossTitle(settings.loss), heights(losses), [0, Infinity]),
    },
    { x, events, lines: accuracies, y: linearAxis("accuracy, %", heights(accuracies), [0, 100]) },
  ];
  return {
    name: "curve",
    title: `Learning curves of ${run.name}`,
    caption:
      `Loss and accuracy by epoch. Training values are means over the epoch's batches, taken ` +
      "while the weights move and with what training adds (dropout, shifted and mirrored images); " +
      "test values are taken after the epoch." +
      (events.length > 0 ? " Dotted lines: the learning rate drops." : "") +
      " From epochs.csv.",
    panels,
  };
}
