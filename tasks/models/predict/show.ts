/**
 * A net's predictions of an image as text: classes, several labels, or numbers.
 *
 * @module
 */
import type { TargetKind } from "../../../src/nn/mod.ts";
import { aligned } from "../../cli/align.ts";
import { oneLine } from "../../cli/file_fault.ts";
import { percent } from "../../cli/progress.ts";
import { probabilities } from "../logits.ts";
import type { NamedImage } from "./images.ts";

/** How predictions are shown. */
export interface PredictionOptions {
  /** The names of the classes, labels or numbers. */
  readonly names: readonly string[];
  /** How many classes are shown. */
  readonly top: number;
  /** The probability from which on a label is shown. */
  readonly threshold: number;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** A number in five digits. */
const digits = (value: number): string => String(Number(value.toPrecision(5)));

/** The rows of an image's outputs. */
type Rows = (outputs: Float32Array, options: PredictionOptions) => string[][];

/** Shares with their names, the largest first. */
const ranked = (shares: readonly number[], names: readonly string[]) =>
  shares.map((share, at) => [share, names[at]!] as const).sort(([a], [b]) => b - a);

const ROWS: Readonly<Record<TargetKind, Rows>> = {
  classes: (logits, { names, top }) =>
    ranked(probabilities(logits), names).slice(0, top)
      .map(([share, name]) => [name, percent(share)]),
  labels(logits, { names, threshold }) {
    const shown = ranked(Array.from(logits, sigmoid), names)
      .filter(([share]) => share >= threshold)
      .map(([share, name]) => [name, percent(share)]);
    return shown.length > 0 ? shown : [[`no label above ${percent(threshold)}`]];
  },
  numbers: (outputs, { names }) => names.map((name, at) => [name, digits(outputs[at]!)]),
};

/** What is known about an image, in parentheses. */
function knownText({ label }: NamedImage, kind: TargetKind, names: readonly string[]): string {
  if (label === undefined) return "";
  if (typeof label === "number") return ` (${names[label]})`;
  const known = kind === "numbers"
    ? names.map((name, at) => `${name} ${digits(label[at]!)}`)
    : names.filter((_, at) => label[at]! > 0.5);
  return ` (${known.join(", ") || "no label"})`;
}

/** An image's predictions: its name, what is known about it, and a row for each prediction. */
export function formatPrediction(
  image: NamedImage,
  outputs: Float32Array,
  kind: TargetKind,
  options: PredictionOptions,
): string {
  const rows = aligned(ROWS[kind](outputs, options)).map((row) => `  ${row}`.trimEnd());
  const title = oneLine(`${image.name}${knownText(image, kind, options.names)}`);
  return [title, ...rows].join("\n");
}
