/**
 * The table of a run's variances by layer: before LSUV, after it, and at the end.
 *
 * @module
 */
import { NONE } from "../../tasks/cli/format.ts";
import { TaskError } from "../../tasks/cli/mod.ts";
import { geometricMean } from "../../tasks/plots/statistics.ts";
import { plainTable, type TableBlock } from "../../tasks/report/document.ts";
import type { Results } from "../../tasks/report/results.ts";

/** A variance with three digits. */
const text = (value: number | undefined): string =>
  value === undefined ? NONE : String(Number(value.toPrecision(3)));

/** The variances of the first run of a row by layer. */
export function layersTable({ cells, rows }: Results, row: string = rows[0]!): TableBlock {
  const run = cells.find((cell) => cell.row === row && cell.run)?.run;
  if (!run || run.lsuv.length === 0) {
    throw new TaskError(`expected a run of ${row} with LSUV's report, found none`);
  }
  const layers = [...Map.groupBy(run.lsuv, ({ name }) => name)];
  const end = run.layers.filter(({ step }) => step > 0), phase = end.at(-1)?.phase;
  return plainTable(
    "Variance of each layer's output, the geometric mean of maxout's pieces: when LSUV reached the layer, after it" +
      `${phase ? `, and the mean over pieces on test images after ${phase}` : ""}.`,
    ["layer", "before LSUV", "after LSUV", "trials", ...(phase ? [`after ${phase}`] : [])],
    layers.map(([name, pieces], i) => [
      name,
      text(geometricMean(pieces.map(({ before }) => before))),
      text(geometricMean(pieces.map(({ after }) => after))),
      String(Math.max(...pieces.map(({ trials }) => trials))),
      ...(phase ? [text(end.find(({ layer }) => layer === i + 1)?.activationVariance)] : []),
    ]),
    [1, 2, 3, 4],
  );
}
