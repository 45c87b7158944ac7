/**
 * `deno task quick`: runs --quick of every experiment, and writes a page and a picture of what they show.
 *
 * @module
 */
import { writeFile } from "../../cli/write_file.ts";
import { forCaller } from "../../cli/caller.ts";
import { makeFolder } from "../../cli/output_paths.ts";
import { type Command, command, EXIT, TaskError } from "../../cli/command.ts";
import type { Values } from "../../cli/option_table.ts";
import { EXPERIMENTS } from "../../experiments/catalogue/mod.ts";
import { type Experiment, experimentCommandLine } from "../../experiments/experiment.ts";
import { readWholeRecord } from "../../experiments/read_record.ts";
import { runExperiment } from "../../experiments/run_experiment.ts";
import { drawFigure } from "../../plots/svg.ts";
import { type Draw, loadVega, NoFiguresError } from "../../plots/vega.ts";
import { readResults } from "../read_results.ts";
import { quickPage, type QuickResult } from "./page.ts";
import { lsuvPicture } from "./picture.ts";

const TABLE = {
  results: {
    kind: "path",
    value: "DIR",
    help: "The folder of all results. One that holds some of them is continued.",
    otherwise: "runs/quick",
  },
  out: {
    kind: "path",
    value: "DIR",
    help: "The folder of the page, quick.md, and of its picture, quick.svg.",
    otherwise: "that of the results",
  },
} as const;

const QUICK: Command<typeof TABLE> = {
  name: "quick",
  table: TABLE,
  page: {
    command: "deno task quick",
    about:
      "run a short version of every experiment, and write a page and a picture of what they show.",
    examples: [
      ["deno task quick", "Some three minutes on two cores:"],
      ["deno task quick --out docs", "The page of the documentation:"],
    ],
    notes: [
      "A run that has ended is not trained again. The picture is drawn by Vega-Lite, fetched from npm at first " +
      "use; without it the page has none, and a line says so.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line, 130 ended by Ctrl-C, after which the same command continues.",
    ],
  },
};

/** The experiment and the column that are the picture's. */
const PICTURED = { name: "repro:table3", column: "ReLU" } as const;

const folderOf = (results: string, { name }: Experiment): string =>
  `${results}/${name.replace(":", "-")}`;

/** Runs an experiment, unless it has been; returns what it came to, undefined if it was stopped. */
async function runQuick(
  results: string,
  experiment: Experiment,
): Promise<QuickResult | undefined> {
  const out = folderOf(results, experiment);
  const code = await runExperiment(experiment, ["--quick", "--quiet", "--out", out]);
  if (code === EXIT.stopped) return undefined;
  if (code !== EXIT.done) {
    throw new TaskError(`${experiment.name}: expected all runs to end, found some that did not`);
  }
  const record = await readWholeRecord(out);
  return { command: `${experimentCommandLine(experiment)} --quick`, record };
}

/** Draws the picture into a folder; returns it as Markdown. Throws a {@linkcode NoFiguresError} without Vega-Lite. */
async function drawPicture(
  results: string,
  out: string,
  load: () => Promise<Draw>,
): Promise<string | undefined> {
  const experiment = EXPERIMENTS.find(({ name }) => name === PICTURED.name)!;
  const figure = lsuvPicture(await readResults(folderOf(results, experiment)), PICTURED.column);
  if (!figure) return undefined;
  const { svg, alt } = await drawFigure(await load(), figure);
  await writeFile(`${out}/quick.svg`, svg);
  return `![${alt}](quick.svg)`;
}

/** Runs some experiments, and writes the page and the picture; returns the exit code. */
export async function writeQuick(
  { results = forCaller("runs/quick"), out = results }: Values<typeof TABLE>,
  experiments: readonly Experiment[] = EXPERIMENTS,
  load: () => Promise<Draw> = loadVega,
): Promise<number> {
  const found: QuickResult[] = [];
  for (const experiment of experiments) {
    const result = await runQuick(results, experiment);
    if (!result) return EXIT.stopped;
    found.push(result);
  }
  await makeFolder(out);
  const picture = await drawPicture(results, out, load).catch((error) => {
    if (!(error instanceof NoFiguresError)) throw error;
    console.error(`quick: ${error.message}`);
    return undefined;
  });
  await writeFile(`${out}/quick.md`, quickPage(found, picture));
  console.log(`${out}/quick.md`);
  return EXIT.done;
}

/** Runs the task; returns the exit code. */
export const quick = (args: readonly string[]): Promise<number> =>
  command(QUICK, args, ({ values }) => writeQuick(values));
