/**
 * What a table of results says, in sentences: which rows learn in which columns, and which are the best.
 *
 * @module
 */
import { counted, fixed } from "../cli/format.ts";
import { summarize, type Summary } from "../plots/statistics.ts";
import { isErrorMeasure, toMeasure } from "./measure.ts";

/** A run as far as it is compared. */
interface ComparedCell {
  readonly row: string;
  readonly column: string;
  readonly seed: number;
  readonly status: string;
  /** From 0 to 1; absent where a run diverged before its first epoch ended. */
  readonly accuracy?: number | null | undefined;
  /** The training loss at the end. */
  readonly trainLoss?: number | null | undefined;
}

/** The results of an experiment as far as they are compared. */
export interface Compared {
  readonly measure: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly ComparedCell[];
  /** How many images accuracies are measured on. */
  readonly testImages: number;
}

/** What a row's runs came to in a column. */
type Fate = "learns" | "stays at chance" | "diverges";

/** The numbers of a row that learns, in the unit of the measure. */
interface Learned {
  readonly row: string;
  readonly summary: Summary;
}

const listText = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/** A row's name, quoted where it has a comma. */
const quote = (row: string): string => row.includes(",") ? `“${row}”` : row;

const PLURAL: Readonly<Record<Fate, string>> = {
  learns: "learn",
  "stays at chance": "stay at chance",
  diverges: "diverge",
};

/** What the runs of a row and column came to, by the majority of its seeds; undefined where none has ended. */
function fateOf(cells: readonly ComparedCell[]): Fate | undefined {
  const ended = cells.filter(({ status }) => status === "done" || status === "n/c");
  if (ended.length === 0) return undefined;
  const done = ended.filter(({ status }) => status === "done");
  if (2 * done.length > ended.length) return "learns";
  const lost = ended.filter(({ accuracy, trainLoss }) =>
    accuracy === undefined || accuracy === null || trainLoss === null || trainLoss === Infinity
  );
  return 2 * lost.length > ended.length - done.length ? "diverges" : "stays at chance";
}

/** The sentence of which rows of a column learn; empty where no run has ended. */
function fatesText(fates: ReadonlyMap<string, Fate | undefined>): string {
  const groups = Map.groupBy([...fates.keys()], (row) => fates.get(row));
  const known = (["learns", "stays at chance", "diverges"] as const)
    .flatMap((fate) => {
      const rows = groups.get(fate);
      return rows ? [{ fate, rows }] : [];
    });
  const [only] = known;
  if (only && known.length === 1 && only.rows.length === fates.size && fates.size > 1) {
    return `all of them ${PLURAL[only.fate]}`;
  }
  return known.map(({ fate, rows }) =>
    `${listText(rows.map(quote))} ${rows.length === 1 ? fate : PLURAL[fate]}`
  ).join("; ");
}

/** The variance of a row's mean: over its seeds where there are several, else of an accuracy on so many images. */
function varianceOfMean({ mean, deviation, count }: Summary, testImages: number): number {
  const share = mean / 100, sampling = 1e4 * share * (1 - share) / testImages;
  return Math.max(sampling, (deviation ?? 0) ** 2) / count;
}

/** The sentence of the best row of a column, and of those that are as good within the error; empty with fewer than two. */
function bestText(learned: readonly Learned[], compared: Compared): string {
  if (learned.length < 2) return "";
  const sign = isErrorMeasure(compared) ? -1 : 1;
  const order = learned.toSorted((a, b) => sign * (b.summary.mean - a.summary.mean));
  const [best, ...others] = order as [Learned, ...Learned[]];
  const { testImages } = compared;
  const alike = others.filter(({ summary }) => {
    const error = varianceOfMean(summary, testImages) + varianceOfMean(best.summary, testImages);
    return Math.abs(summary.mean - best.summary.mean) <= 2 * Math.sqrt(error);
  });
  const digits = isErrorMeasure(compared) ? 2 : 1;
  const numbered = ({ row, summary }: Learned) => `${quote(row)} (${fixed(summary.mean, digits)})`;
  if (alike.length === others.length) {
    return `none is better than another by more than the error of ${
      counted(testImages, "test image")
    }`;
  }
  return `best is ${numbered(best)}` +
    (alike.length > 0
      ? `, and as good within the error of ${counted(testImages, "test image")} ${
        alike.length === 1 ? "is" : "are"
      } ${listText(alike.map(numbered))}`
      : "");
}

/** What a column says. */
function columnText(compared: Compared, column: string): string {
  const own = new Map(
    compared.rows.map((row) => [
      row,
      compared.cells.filter((cell) => cell.row === row && cell.column === column),
    ]),
  );
  const fates = new Map([...own].map(([row, cells]) => [row, fateOf(cells)]));
  const learned = [...own].flatMap(([row, cells]): Learned[] => {
    const done = cells.filter(({ status }) => status === "done");
    const summary = summarize(done.map(({ accuracy }) => toMeasure(compared, accuracy ?? NaN)));
    return fates.get(row) === "learns" && summary ? [{ row, summary }] : [];
  });
  return [fatesText(fates), bestText(learned, compared)].filter(Boolean).join("; ");
}

/** What a single seed leaves open, where rows are compared that have no other. */
function seedText({ cells, columns }: Compared): readonly string[] {
  const done = cells.filter(({ status }) => status === "done");
  const compares = columns.some((column) =>
    done.filter((cell) => cell.column === column).length > 1
  );
  return compares && new Set(done.map(({ seed }) => seed)).size === 1
    ? ["One seed: another one may change the order of those that learn."]
    : [];
}

/** A table of one row turned, so that its columns are compared. */
function turned(compared: Compared): Compared {
  const { rows, columns, cells } = compared;
  if (rows.length > 1 || columns.length < 2) return compared;
  const swapped = cells.map((cell) => ({ ...cell, row: cell.column, column: cell.row }));
  return { ...compared, rows: columns, columns: rows, cells: swapped };
}

/** What the results say, a sentence for each column in which runs have ended; for a single row, of its columns. */
export function compareRows(given: Compared): readonly string[] {
  const compared = turned(given);
  const sentences = compared.columns.flatMap((column) => {
    const text = columnText(compared, column);
    return text === "" ? [] : [`${column}: ${text}.`];
  });
  return [...sentences, ...seedText(compared)];
}
