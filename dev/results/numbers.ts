/**
 * Marks in sentences: numbers of records.
 *
 * @module
 */
import { TaskError } from "../../tasks/cli/mod.ts";
import { duration, fixed, signed } from "../../tasks/cli/format.ts";
import { toMeasure } from "../../tasks/experiments/measure.ts";
import { pairedT } from "../../tasks/models/compare/paired_tests.ts";
import { summarize } from "../../tasks/plots/statistics.ts";
import { initialVariances, type Moment } from "../../tasks/report/figures/initial_variances.ts";
import type { Cell, Results } from "../../tasks/report/results.ts";
import { headline, summarizeCells } from "../../tasks/report/sections/result_cell.ts";
import type { Directive } from "./fill.ts";

/** Reads a record by its name. */
export type ReadNamed = (name: string) => Promise<Results>;

/** The row and the column of a number. */
type Place = readonly [row: string, column: string];

/** The row and the column of a mark; the first column where it names none. */
export function placeOf(
  { rows, columns }: Results,
  row: string | undefined,
  column: string = columns[0]!,
): Place {
  const check = (known: readonly string[], found: string | undefined) => {
    if (found !== undefined && known.includes(found)) return found;
    throw new TaskError(
      `expected one of ${known.map((name) => JSON.stringify(name)).join(", ")}, found ${
        found === undefined ? "nothing" : JSON.stringify(found)
      }`,
    );
  };
  return [check(rows, row), check(columns, column)];
}

/** The runs of a row and column. */
const cellsAt = ({ cells }: Results, row: string, column: string): readonly Cell[] =>
  cells.filter((cell) => cell.row === row && cell.column === column);

/** A p-value as text. */
const probability = (p: number): string => p < 0.001 ? "p < 0.001" : `p = ${fixed(p, 2)}`;

/** The second number less the first, over the seeds that both have. */
export function pairText(results: Results, first: Place, second: Place): string {
  const numbers = (place: Place) =>
    new Map(
      cellsAt(results, ...place).filter(({ status, accuracy }) =>
        status === "done" && accuracy !== undefined
      ).map(({ seed, accuracy }) => [seed, toMeasure(results, accuracy!)]),
    );
  const [a, b] = [numbers(first), numbers(second)];
  const differences = [...a].flatMap(([seed, value]) => b.has(seed) ? [b.get(seed)! - value] : []);
  if (differences.length === 0) return "no seed in common";
  if (differences.length === 1) {
    return `${signed(differences[0]!, 2)} points with one seed, so untested`;
  }
  const { mean, deviation, p } = pairedT(differences);
  return `${signed(mean, 2)} ± ${fixed(deviation, 2)} points over ${differences.length} seeds, ` +
    `paired t-test ${probability(p)}`;
}

/** Quantities of a run, and how they are written. */
const QUANTITIES: Readonly<
  Record<
    string,
    readonly [of: (cell: Cell) => number | undefined, write: (value: number) => string]
  >
> = {
  epochs: [({ epochs }) => epochs, (value) => fixed(value, 0)],
  loss: [({ loss }) => loss, (value) => fixed(value, 3)],
  training: [
    ({ trainAccuracy }) => trainAccuracy && 100 * trainAccuracy,
    (value) => fixed(value, 1),
  ],
  seconds: [({ seconds }) => seconds, duration],
  initialization: [({ initSeconds }) => initSeconds, duration],
  passes: [({ forwardPasses }) => forwardPasses, (value) => fixed(value, 0)],
};

/** A quantity of a row and column, the mean over its runs. */
export function quantityText(
  results: Results,
  quantity: string,
  row: string,
  column: string,
): string {
  const known = QUANTITIES[quantity];
  if (!known) {
    throw new TaskError(`expected one of ${Object.keys(QUANTITIES).join(", ")}, found ${quantity}`);
  }
  const [of, write] = known;
  const values = cellsAt(results, row, column).map((cell) => of(cell) ?? NaN).filter(
    Number.isFinite,
  );
  const found = summarize(values);
  if (!found) throw new TaskError(`expected ${quantity} of ${row}, ${column}, found none`);
  return write(found.mean);
}

/** A number of a finding: of the line that starts with a name, in a column. */
export function findingNumber(
  { findings = [] }: Results,
  at: string,
  line: string,
  column: string,
  digits: string,
): string {
  const finding = findings[Number(at)], place = finding?.head.indexOf(column) ?? -1;
  const value = finding?.lines.find(([name]) => name === line)?.[place];
  if (typeof value === "number") return fixed(value, Number(digits));
  throw new TaskError(`expected a number of ${line}, ${column}, found ${value ?? "none"}`);
}

/** The powers of ten by which the variance grows, or falls, from a row's first layer to its last. */
export function decadesText(results: Results, row: string, moment: Moment): string {
  const run = results.cells.find((cell) => cell.row === row && cell.run)?.run;
  const depths = run ? initialVariances(run, "activationVariance")[moment] : undefined;
  const first = depths?.[0], last = depths?.at(-1);
  if (first && last) return fixed(Math.log10(last / first), 0);
  throw new TaskError(`expected variances of ${row} by depth, found none`);
}

/** The marks in sentences. */
export const numberMarks = (read: ReadNamed): Readonly<Record<string, Directive>> => ({
  mean: async (name = "", row, column) => {
    const results = await read(name);
    return headline(summarizeCells(results, ...placeOf(results, row, column)));
  },
  mean1: async (name = "", row, column) => {
    const results = await read(name),
      { summary, ...more } = summarizeCells(results, ...placeOf(results, row, column));
    return summary ? fixed(summary.mean, 1) : headline({ summary, ...more });
  },
  published: async (name = "", row, column) => {
    const results = await read(name),
      { paper } = summarizeCells(results, ...placeOf(results, row, column));
    if (paper === undefined) throw new TaskError(`expected a published number, found none`);
    return typeof paper === "number" ? fixed(paper, 2) : paper;
  },
  quantity: async (name = "", quantity = "", row, column) => {
    const results = await read(name);
    return quantityText(results, quantity, ...placeOf(results, row, column));
  },
  finding: async (name = "", at = "0", line = "", column = "", digits = "2") =>
    findingNumber(await read(name), at, line, column, digits),
  decades: async (name = "", row = "", moment = "start") =>
    decadesText(await read(name), row, moment as Moment),
  pair: async (name = "", first, second, column) => {
    const results = await read(name);
    return pairText(results, placeOf(results, first, column), placeOf(results, second, column));
  },
  pairInRow: async (name = "", row, first, second) => {
    const results = await read(name);
    return pairText(results, placeOf(results, row, first), placeOf(results, row, second));
  },
});
