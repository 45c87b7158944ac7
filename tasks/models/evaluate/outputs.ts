/**
 * The evaluation of a net that predicts numbers, or several labels at once.
 *
 * @module
 */
import { stringify } from "@std/csv";
import type { Prepared } from "../../../src/data/mod.ts";
import type { Runtime } from "../../../src/runtime/mod.ts";
import type { Params } from "../../../src/tensor.ts";
import { writeFile } from "../../cli/write_file.ts";
import { aligned } from "../../cli/align.ts";
import { requireFiniteOutputs } from "../finite.ts";
import { predictLogits, type Predictor } from "../logits.ts";
import { share } from "./confusion.ts";
import { shareText } from "./show.ts";

/** The outcome for one number. */
export interface NumberRow {
  readonly output: string;
  /** The mean of the labels. */
  readonly mean: number;
  readonly meanAbsoluteError: number;
  readonly rootMeanSquaredError: number;
  /** 1 - squared errors / squared distances from the mean; undefined where all labels are the same. */
  readonly rSquared?: number | undefined;
}

/** The outcome for one of several labels. */
export interface LabelRow {
  readonly label: string;
  /** Images that have it. */
  readonly count: number;
  /** Images predicted to have it. */
  readonly predicted: number;
  /** Images that have it and are predicted to. */
  readonly right: number;
  readonly precision?: number | undefined;
  readonly recall?: number | undefined;
  readonly f1?: number | undefined;
}

/** The outcome of an evaluation, with a row for each output. */
export interface OutputsOutcome<Row> {
  readonly count: number;
  /** The mean of the per-example losses. */
  readonly loss: number;
  /** Measures over all outputs, by name. */
  readonly overall: Readonly<Record<string, number | undefined>>;
  readonly rows: readonly Row[];
}

/** What a net says about each image, and what is right. */
interface Compared {
  readonly loss: number;
  /** [count, outputs], one array for each output. */
  readonly outputs: readonly Float64Array[];
  readonly labels: readonly Float64Array[];
}

/** The outputs of a net and the labels, by output. */
async function compare<P extends Params>(
  run: Runtime,
  predictor: Predictor<P>,
  images: Prepared,
  batch: number,
): Promise<Compared> {
  const { classes, count } = images.dataset;
  const columns = () => Array.from({ length: classes }, () => new Float64Array(count));
  const outputs = columns(), found = columns();
  let lossSum = 0, at = 0;
  for await (const { logits, losses, labels } of predictLogits(run, predictor, images, batch)) {
    requireFiniteOutputs(losses, losses.length, at, "losses");
    for (let i = 0; i < losses.length; i++, at++) {
      lossSum += losses[i]!;
      for (let k = 0; k < classes; k++) {
        outputs[k]![at] = logits[i * classes + k]!;
        found[k]![at] = labels[i * classes + k]!;
      }
    }
  }
  return { loss: lossSum / count, outputs, labels: found };
}

const meanOf = (numbers: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i]!;
  return sum / numbers.length;
};

function numberRow(output: string, predicted: Float64Array, labels: Float64Array): NumberRow {
  const mean = meanOf(labels), errors = predicted.map((y, i) => y - labels[i]!);
  const squared = meanOf(errors.map((e) => e * e)),
    spread = meanOf(labels.map((y) => (y - mean) ** 2));
  return {
    output,
    mean,
    meanAbsoluteError: meanOf(errors.map(Math.abs)),
    rootMeanSquaredError: Math.sqrt(squared),
    rSquared: spread > 0 ? 1 - squared / spread : undefined,
  };
}

/** Evaluates a net that predicts numbers. */
export async function evaluateNumbers<P extends Params>(
  run: Runtime,
  predictor: Predictor<P>,
  images: Prepared,
  batch: number,
  names: readonly string[],
): Promise<OutputsOutcome<NumberRow>> {
  const { loss, outputs, labels } = await compare(run, predictor, images, batch);
  const rows = names.map((name, k) => numberRow(name, outputs[k]!, labels[k]!));
  const known = rows.map(({ rSquared }) => rSquared).filter((value) => value !== undefined);
  const overall = {
    meanAbsoluteError: meanOf(rows.map(({ meanAbsoluteError }) => meanAbsoluteError)),
    rSquared: known.length > 0 ? meanOf(known) : undefined,
  };
  return { count: images.dataset.count, loss, overall, rows };
}

function labelRow(label: string, logits: Float64Array, labels: Float64Array): LabelRow {
  let count = 0, predicted = 0, right = 0;
  logits.forEach((logit, i) => {
    const has = labels[i]! > 0.5, says = logit > 0;
    count += Number(has);
    predicted += Number(says);
    right += Number(has && says);
  });
  const precision = share(right, predicted), recall = share(right, count);
  const f1 = share(2 * right, count + predicted);
  return { label, count, predicted, right, precision, recall, f1 };
}

/** Evaluates a net that predicts several labels at once; one is predicted where its logit is above 0. */
export async function evaluateLabels<P extends Params>(
  run: Runtime,
  predictor: Predictor<P>,
  images: Prepared,
  batch: number,
  names: readonly string[],
): Promise<OutputsOutcome<LabelRow>> {
  const { loss, outputs, labels } = await compare(run, predictor, images, batch);
  const { count } = images.dataset,
    rows = names.map((name, k) => labelRow(name, outputs[k]!, labels[k]!));
  const agree = (k: number, i: number) => (outputs[k]![i]! > 0) === (labels[k]![i]! > 0.5);
  let all = 0, each = 0;
  for (let i = 0; i < count; i++) {
    const right = names.filter((_, k) => agree(k, i)).length;
    all += Number(right === names.length);
    each += right;
  }
  const total = (pick: (row: LabelRow) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
  const right = total((row) => row.right), whole = total((row) => row.count + row.predicted);
  const known = rows.map(({ f1 }) => f1).filter((f1) => f1 !== undefined);
  const overall = {
    accuracy: all / count,
    labelAccuracy: each / (count * names.length),
    f1: share(2 * right, whole),
    macroF1: known.length > 0 ? meanOf(known) : undefined,
  };
  return { count, loss, overall, rows };
}

/** A number in five digits. */
const digits = (value: number | undefined): string =>
  value === undefined ? "-" : String(Number(value.toPrecision(5)));

/** The table of numbers. */
export const numbersText = ({ rows }: OutputsOutcome<NumberRow>): string =>
  aligned([
    ["output", "mean label", "mean absolute error", "root mean squared error", "R²"],
    ...rows.map((row) => [
      row.output,
      digits(row.mean),
      digits(row.meanAbsoluteError),
      digits(row.rootMeanSquaredError),
      row.rSquared === undefined ? "-" : row.rSquared.toFixed(4),
    ]),
  ]).join("\n");

/** The table of labels. */
export const labelsText = ({ rows }: OutputsOutcome<LabelRow>): string =>
  aligned([
    ["label", "images", "predicted", "correct", "precision", "recall", "F1"],
    ...rows.map(({ label, count, predicted, right, precision, recall, f1 }) => [
      label,
      ...[count, predicted, right].map(String),
      ...[precision, recall, f1].map(shareText),
    ]),
  ]).join("\n");

/** Writes `outputs.csv` and `evaluation.json` into a folder. */
export async function writeOutputs<Row extends object>(
  folder: string,
  { rows, ...outcome }: OutputsOutcome<Row>,
  about: Readonly<Record<string, unknown>>,
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const table = stringify(rows as readonly object[] as Record<string, unknown>[], { columns });
  await writeFile(`${folder}/outputs.csv`, table);
  const text = JSON.stringify({ ...about, ...outcome, outputs: rows }, null, 2);
  await writeFile(`${folder}/evaluation.json`, `${text}\n`);
}
