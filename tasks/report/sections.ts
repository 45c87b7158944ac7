/**
 * The sections of a report.
 *
 * @module
 */
import type { Drawing } from "../plots/svg.ts";
import { type Block, heading, list, paragraph, plainTable, type TableBlock } from "./document.ts";
import { entryLines, entryOf, standing } from "./entries.ts";
import { counted, duration, fixed, grouped, NONE } from "../cli/format.ts";
import { measured, type Results } from "./results.ts";
import { environmentFacts, settingsFacts } from "./settings.ts";
import { spreadText, summarize } from "../plots/statistics.ts";

const runsIn = ({ cells }: Results) => cells.flatMap(({ run }) => run ? [run] : []);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The table of results, beside the paper's where there are such. */
export function resultsTable(results: Results): TableBlock {
  const { rows, columns, measure, paper } = results;
  return {
    kind: "table",
    caption: `${capital(measure)}: mean ± standard deviation over seeds` +
      (paper ? "; below, the paper's number and in brackets the difference, here less paper" : "") +
      ". n/c: did not converge.",
    head: ["", ...columns],
    rows: rows.map((row) => [
      [row],
      ...columns.map((column) => entryLines(results, entryOf(results, row, column))),
    ]),
    numeric: columns.map((_, i) => i + 1),
  };
}

/** What one run came to: its last epoch and its best. */
export function outcomeTable(results: Results): TableBlock {
  const { run, accuracy, loss, epochs = 0, seconds, status } = results.cells[0]!;
  const tested = (run?.epochs ?? []).filter(({ testAccuracy }) => Number.isFinite(testAccuracy));
  const best = tested.reduce(
    (top, row) => top && top.testAccuracy >= row.testAccuracy ? top : row,
    tested.at(0),
  );
  const planned = run?.manifest.settings?.epochs;
  const percent = (share: number) => fixed(measured(results, share), 2);
  return plainTable("The run's outcome.", ["", "value"], [
    ["Status", run?.manifest.status ?? status],
    ["Epochs", typeof planned === "number" ? `${epochs} of ${planned}` : String(epochs)],
    ["Test accuracy of the last epoch, %", accuracy === undefined ? NONE : percent(accuracy)],
    ["Test loss of the last epoch", loss === undefined ? NONE : fixed(loss, 4)],
    ["Best test accuracy, %", best ? `${percent(best.testAccuracy)} (epoch ${best.epoch})` : NONE],
    ["Time", seconds === undefined ? NONE : duration(seconds)],
  ]);
}

function timeRow(results: Results, row: string, column: string): readonly string[] | undefined {
  const cells = results.cells.filter((cell) =>
    cell.row === row && cell.column === column && (cell.seconds ?? 0) > 0
  );
  if (cells.length === 0) return undefined;
  const of = (pick: (cell: typeof cells[number]) => number | undefined) =>
    summarize(
      cells.map(pick).filter((value) => value !== undefined && Number.isFinite(value)) as number[],
    );
  const seconds = of((cell) => cell.seconds), epochs = of((cell) => cell.epochs);
  const start = of((cell) => cell.initSeconds), passes = of((cell) => cell.forwardPasses);
  const speed = of((cell) => cell.imagesPerSecond);
  return [
    row,
    column,
    String(cells.length),
    epochs ? spreadText(epochs, 0).replace(/ ± 0$/, "") : NONE,
    seconds ? duration(seconds.mean) : NONE,
    speed ? grouped(Math.round(speed.mean)) : NONE,
    start ? duration(start.mean) : NONE,
    passes ? grouped(passes.mean) : NONE,
  ];
}

const HEAD = ["row", "column", "runs", "epochs", "time a run", "images/s"];

/** Time and throughput, and what initialisation cost where that is known. */
export function timeSection(results: Results): readonly Block[] {
  const { rows, columns, cells } = results;
  const lines = rows.flatMap((row) =>
    columns.flatMap((column) => {
      const line = timeRow(results, row, column);
      return line ? [line] : [];
    })
  );
  const costs = cells.some(({ initSeconds }) => initSeconds !== undefined);
  const total = cells.reduce((sum, { seconds = 0 }) => sum + seconds, 0);
  return [
    heading("Time and throughput"),
    ...(lines.length === 0 ? [paragraph("No run tells how long it took.")] : [
      plainTable(
        "Means over the runs that tell; images per second while training." +
          (costs ? " Initialisation: its time, and the batches sent through the net for it." : ""),
        [...HEAD, ...(costs ? ["initialisation", "forward passes"] : [])],
        lines.map((line) => costs ? line : line.slice(0, HEAD.length)),
        [2, 3, 4, 5, 6, 7],
      ),
      paragraph(`${duration(total)} of training in all.`),
    ]),
  ];
}

/** What was made smaller than in the paper. */
export const scaledSection = ({ scaled }: Results): readonly Block[] => [
  heading("What was scaled down"),
  scaled === undefined
    ? paragraph("Nothing here tells what was made smaller than in the paper.")
    : scaled.length === 0
    ? paragraph("Nothing: sizes and epochs are the paper's.")
    : list(scaled),
];

/** Settings, device, data, versions. */
export function circumstances(results: Results): readonly Block[] {
  const runs = runsIn(results), known = settingsFacts(runs);
  const facts = [...results.facts, ...environmentFacts(runs)];
  const several = counted(runs.length, "run");
  return [
    heading("How it was run"),
    ...(facts.length > 0
      ? [plainTable("Program, device and data.", ["what", "value"], facts)]
      : [paragraph("Nothing tells of program, device and data.")]),
    ...(known.length > 0
      ? [plainTable(
        `Settings of ${several}; where they differ, how many runs have which.`,
        ["setting", "value"],
        known,
      )]
      : [paragraph("No run's settings are known.")]),
  ];
}

/** Every run by itself, with its folder and command line. */
export function everyRun(results: Results): readonly Block[] {
  const { cells, measure } = results;
  const commands = cells.flatMap(({ folder, command }) =>
    command ? [`# ${folder}\n${command}`] : []
  );
  return [
    heading("Every run"),
    plainTable(
      `${
        capital(measure)
      }, last epoch. The files are in the run's folder: manifest.json, epochs.csv, ` +
        "lsuv.csv or layers.csv.",
      ["folder", "row", "column", "seed", "status", "number", "loss", "epochs", "time", "message"],
      cells.map((cell) => [
        cell.folder,
        cell.row,
        cell.column,
        String(cell.seed),
        cell.status,
        cell.accuracy === undefined ? NONE : fixed(measured(results, cell.accuracy), 2),
        cell.loss === undefined ? NONE : fixed(cell.loss, 4),
        cell.epochs === undefined ? NONE : String(cell.epochs),
        cell.seconds === undefined ? NONE : duration(cell.seconds),
        cell.message ?? "",
      ]),
      [3, 5, 6, 7, 8],
    ),
    ...(commands.length > 0
      ? [
        paragraph("The command of each run:"),
        { kind: "code", text: commands.join("\n") } as const,
      ]
      : [paragraph("No run tells its command.")]),
  ];
}

/** What should be there and is not. */
export function missingSection(results: Results, faults: readonly string[]): readonly Block[] {
  const open = results.cells.flatMap((cell) => {
    const { row, column, seed, status, folder, epochs = 0 } = cell;
    const begun = cell.run?.epochs.length ?? 0;
    if (status === "pending") {
      const stands = begun > 0 ? `not done, ${counted(begun, "epoch")} so far` : "not run yet";
      return [`${row}, ${column}, seed ${seed}: ${stands}`];
    }
    if (status === "running") return [`${folder}: under way, ${counted(epochs, "epoch")} so far`];
    return status === "stopped" ? [`${folder}: stopped after ${counted(epochs, "epoch")}`] : [];
  });
  const all = [...faults, ...results.missing, ...open];
  return [heading("What is missing"), all.length > 0 ? list(all) : paragraph("Nothing.")];
}

/** Figures under a heading; a sentence where there are none. */
export const figureSection = (
  title: string,
  drawings: readonly Drawing[],
  otherwise: string,
  from: number,
): readonly Block[] => [
  heading(title),
  ...(drawings.length > 0
    ? drawings.map((drawing, i): Block => ({ kind: "figure", number: from + i, drawing }))
    : [paragraph(otherwise)]),
];

const isProcedural = ({ facts, cells }: Results): boolean =>
  facts.some(([name, value]) => name === "Data set" && value === "procedural") ||
  cells.some(({ run }) => run?.manifest.settings?.dataset === "procedural");

function oneRun({ cells }: Results): string {
  const { row, column, seed, run } = cells[0]!;
  const { status, started } = run?.manifest ?? {};
  return `${column}, from ${row}, seed ${seed}${status ? `: ${status}` : ""}` +
    `${started ? `, begun ${started.slice(0, 16).replace("T", " at ")} UTC` : ""}.`;
}

/** What stands under the title: the question, how much is done. */
export const leadOf = (results: Results): readonly string[] => [
  ...(results.question ? [results.question] : []),
  ...(isProcedural(results) ? ["On images that a program draws, not on the paper's data."] : []),
  results.kind === "run" ? oneRun(results) : `${standing(results)}.`,
];
