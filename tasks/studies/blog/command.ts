/**
 * `deno task study:blog`: what kept the blog's nets without LSUV from learning. See `--help`.
 *
 * @module
 */
import { writeAtomically } from "../../../src/train/mod.ts";
import { aligned } from "../../cli/align.ts";
import { type Command, command, openDevice } from "../../cli/command.ts";
import { DEVICE_OPTIONS } from "../../cli/device_options.ts";
import { fixed } from "../../cli/format.ts";
import type { Values } from "../../cli/option_table.ts";
import { loadData } from "../../datasets/load_data.ts";
import { DATA_FOLDER } from "../../datasets/options.ts";
import { reportDownloads } from "../../datasets/download_progress.ts";
import { gitCommit } from "../../run/environment.ts";
import { readCells, type StudyCell } from "./cells.ts";
import { type Column, trainNet } from "./train.ts";
import { type Variant, VARIANTS } from "./variants.ts";

const TABLE = {
  data: DATA_FOLDER,
  epochs: { kind: "integer", from: 1, default: 3, help: "Epochs of each net." },
  subset: {
    kind: "integer",
    from: 100,
    help: "How many training images to use.",
    otherwise: "all",
  },
  seed: { kind: "integer", from: 0, default: 0, help: "The random seed." },
  ...DEVICE_OPTIONS,
  out: {
    kind: "path",
    value: "FILE",
    help: "The JSON file of results. One that holds some of them is continued.",
    otherwise: "nothing is written",
  },
} as const;

const STUDY: Command<typeof TABLE> = {
  name: "study:blog",
  table: TABLE,
  page: {
    command: "deno task study:blog",
    about:
      "change one thing after another of what may have been different in yobibyte's report of " +
      "LSUV in Torch, whose nets without LSUV stayed at 11.35 % at rates 0.05 and 0.01.",
    examples: [["deno task study:blog --data DIR --out blog.json", "All of MNIST, three epochs:"]],
    notes: [
      "The columns are those of repro:blog. Each number is the test accuracy after the last epoch; " +
      "n/c stands for a loss that was not finite.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

/** The columns of the report. */
const COLUMNS: readonly Column[] = [
  { lsuv: false, rate: 0.05 },
  { lsuv: false, rate: 0.01 },
  { lsuv: false, rate: 0.001 },
  { lsuv: true, rate: 0.001 },
  { lsuv: true, rate: 0.05 },
  { lsuv: true, rate: 0.1 },
];

const columnName = ({ lsuv, rate }: Column): string => `${lsuv ? "LSUV" : "none"}, ${rate}`;

/** What the report says after each epoch that it has a number of. */
export const BLOG: Readonly<Record<string, readonly (number | undefined)[]>> = {
  "none, 0.05": [11.35, 11.35, 11.35],
  "none, 0.01": [11.35, 11.35, 11.35],
  "none, 0.001": [83.39, 89.25, 91.23],
  "LSUV, 0.001": [78.28, 87.75, 91.19],
  "LSUV, 0.05": [96.69, 97.94, 98.37],
  "LSUV, 0.1": [97.77, 98.45, 98.63],
};

/** The accuracy after an epoch as text. */
const shown = (accuracies: readonly (number | undefined)[] | undefined, epoch: number): string => {
  if (!accuracies) return "";
  const found = accuracies[epoch - 1];
  return found === undefined ? "n/c" : fixed(found, 2);
};

/** The table after an epoch. */
function table(cells: readonly StudyCell[], epoch: number): string {
  const find = (variant: Variant, column: Column) =>
    cells.find((cell) => cell.variant === variant.name && cell.column === columnName(column))
      ?.accuracies;
  return aligned([
    [`test accuracy %, epoch ${epoch}`, ...COLUMNS.map(columnName)],
    ["the report", ...COLUMNS.map((column) => shown(BLOG[columnName(column)], epoch))],
    ...VARIANTS.map((variant) => [
      variant.name,
      ...COLUMNS.map((column) => shown(find(variant, column), epoch)),
    ]),
  ]).join("\n");
}

/** When and by which commit nets were trained last. */
const studyFacts = async () => ({
  date: new Date().toISOString(),
  commit: await gitCommit() ?? "unknown",
});

async function study(values: Values<typeof TABLE>): Promise<void> {
  const { data, subset, epochs, seed, device, threads, out } = values;
  const reporter = reportDownloads({ quiet: false, terminal: Deno.stderr.isTerminal() });
  const request = { task: "mnist", dataset: "mnist", orProcedural: false } as const;
  const { splits } = await loadData({ ...request, data, subset }, { reporter });
  await using run = await openDevice({ device, threads });
  const settings = { epochs, seed, images: splits.train.dataset.count, device: run.device };
  const cells = [...await readCells(out, settings)], facts = await studyFacts();
  for (const variant of VARIANTS) {
    const images = variant.images(splits);
    for (const column of COLUMNS) {
      const at = { variant: variant.name, column: columnName(column) };
      if (cells.some((cell) => cell.variant === at.variant && cell.column === at.column)) continue;
      const accuracies = await trainNet(run, images, variant, column, { epochs, seed });
      cells.push({ ...at, accuracies });
      console.error(
        `${at.variant} | ${at.column} | ${accuracies.map((x) => fixed(x, 2)).join(" ")}`,
      );
      if (out) {
        await writeAtomically(
          out,
          JSON.stringify({ ...settings, ...facts, cells }, null, 1) + "\n",
        );
      }
    }
  }
  for (let epoch = 1; epoch <= epochs; epoch++) console.log(`${table(cells, epoch)}\n`);
}

/** Runs the study; returns the exit code. */
export const studyBlog = (args: readonly string[]): Promise<number> =>
  command(STUDY, args, ({ values }) => study(values));
