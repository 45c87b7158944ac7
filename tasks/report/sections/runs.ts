/**
 * The sections on each run, and on what is missing.
 *
 * @module
 */
import { capitalize, counted, duration, fixed, NONE } from "../../cli/format.ts";
import { toMeasure } from "../../experiments/measure.ts";
import { type Block, heading, list, paragraph, plainTable } from "../document.ts";
import type { Cell, Results } from "../results.ts";

const HEAD = [
  "folder",
  "row",
  "column",
  "seed",
  "status",
  "number",
  "loss",
  "epochs",
  "time",
  "message",
];

/** The row of a run. */
const runRow = (results: Results, cell: Cell): readonly string[] => [
  cell.folder,
  cell.row,
  cell.column,
  String(cell.seed),
  cell.status,
  cell.accuracy === undefined ? NONE : fixed(toMeasure(results, cell.accuracy), 2),
  cell.loss === undefined ? NONE : fixed(cell.loss, 4),
  cell.epochs === undefined ? NONE : String(cell.epochs),
  cell.seconds === undefined ? NONE : duration(cell.seconds),
  cell.message ?? "",
];

/** The recorded command line of each run. */
function commandBlocks(cells: readonly Cell[]): readonly Block[] {
  const commands = cells.flatMap(({ folder, command }) =>
    command ? [`# ${folder}\n${command}`] : []
  );
  return commands.length > 0
    ? [paragraph("The command of each run:"), { kind: "code", text: commands.join("\n") }]
    : [paragraph("No run's command is known.")];
}

/** The section on each run, with its folder and command line. */
export function runsSection(results: Results): readonly Block[] {
  const caption = `${capitalize(results.measure)}, last epoch. ` +
    "The files are in the run's folder: manifest.json, epochs.csv, lsuv.csv or layers.csv.";
  const rows = results.cells.map((cell) => runRow(results, cell));
  return [
    heading("Every run"),
    plainTable(caption, HEAD, rows, [3, 5, 6, 7, 8]),
    ...commandBlocks(results.cells),
  ];
}

/** What is missing in a run that has not ended; undefined for one that has. */
function describeUnfinished(cell: Cell): string | undefined {
  const { row, column, seed, status, folder, epochs = 0 } = cell;
  const ended = cell.run?.epochs.length ?? 0;
  switch (status) {
    case "pending":
      return `${row}, ${column}, seed ${seed}: ` +
        (ended > 0 ? `not done, ${counted(ended, "epoch")} so far` : "not run yet");
    case "running":
      return `${folder}: in progress, ${counted(epochs, "epoch")} so far`;
    case "stopped":
      return `${folder}: stopped after ${counted(epochs, "epoch")}`;
  }
}

/** The section on what is missing. */
export function missingSection(results: Results, faults: readonly string[]): readonly Block[] {
  const unfinished = results.cells.map(describeUnfinished).filter((line) => line !== undefined);
  const all = [...faults, ...results.missing, ...unfinished];
  return [heading("What is missing"), all.length > 0 ? list(all) : paragraph("Nothing.")];
}
