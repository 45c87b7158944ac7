/**
 * An experiment as a task: from a command line to a folder of results and a table.
 *
 * @module
 */
import configuration from "../../deno.json" with { type: "json" };
import { fingerprint } from "../../src/data/mod.ts";
import { forCaller } from "../cli/caller.ts";
import { EXIT, guarded, openDevice } from "../cli/command.ts";
import { noticeOf } from "../datasets/notice.ts";
import type { Loaded } from "../datasets/load_data.ts";
import { isDrawn } from "../datasets/registry.ts";
import { helpOf, type Page } from "../cli/help.ts";
import { interruption } from "../cli/interruption.ts";
import { holdNew } from "../run/lock.ts";
import { OptionError, type Parsed, parseOptions } from "../cli/options.ts";
import { reporterOf } from "../cli/progress.ts";
import { cellsOf, type Choice, ofLength, type PlannedCell } from "./cells.ts";
import { curvesOf, curvesText, writeCurves } from "./curves.ts";
import { dataLoader, type DataSource } from "./load_data.ts";
import type { Description, Length, RunOptions } from "./description.ts";
import type { Experiment } from "./experiment.ts";
import { runGrid } from "./grid.ts";
import { COMMON, seedsOf } from "./options.ts";
import { readRecord } from "./read_record.ts";
import type { ExperimentRecord } from "./record.ts";
import { checkResumable, mergeOutcomes } from "./resume.ts";
import { scaledOf } from "./differences.ts";
import { summaryText } from "./results_table.ts";
import { openWatch } from "../live/live_page.ts";

type Values = Parsed<typeof COMMON>["values"];

/** The help of an experiment. */
export const pageOf = ({ name, about }: Experiment): Page => ({
  command: `deno task ${name}`,
  about,
  examples: [
    [`deno task ${name} --quick`, "A look at everything, in a minute:"],
    [`deno task ${name} --seeds 0,1,2`, "At a length that fits the device, with three seeds:"],
    [`deno task ${name} --paper --out results/paper`, "As long as the paper's runs:"],
  ],
  notes: [
    "The results' folder gets experiment.json, results.csv and in runs/ a folder for each run, as a " +
    "training task leaves it, with layers.csv beside it. docs/experiments.md tells more.",
    "An experiment that was ended by Ctrl-C or in any other way goes on where it was when the same " +
    "command is given with the same --out. Seeds may be added.",
  ],
});

/** The length of the runs: what is asked for, else what fits the device. */
function lengthOf({ quick, paper }: Values, device: string): Length {
  if (quick && paper) throw new OptionError("--quick: expected no --paper beside it, found both");
  if (quick || paper) return quick ? "quick" : "paper";
  return device === "webgpu" ? "gpu" : "cpu";
}

const SEEDS = { quick: [0], cpu: [0], gpu: [0, 1, 2], paper: [0, 1, 2] } as const;

/** What the command line says of every run. */
function overridesOf(values: Values, wantsProcedural: boolean): RunOptions {
  const { epochs, subset, jobs } = values, processors = navigator.hardwareConcurrency;
  const shared = jobs === 1 ? undefined : Math.max(1, Math.floor(processors / jobs));
  const threads = values.threads ?? shared;
  const given = { epochs, subset, "test-subset": values["test-subset"], threads };
  const named = Object.entries(given).filter((entry): entry is [string, number] =>
    entry[1] !== undefined
  );
  return {
    ...Object.fromEntries(named),
    device: values.device,
    ...(values.wide ? { wide: true } : {}),
    ...(wantsProcedural ? { dataset: "procedural" } : {}),
  };
}

/** What is to be known of the data beside its name. */
function noteOf({ origin }: Loaded): string {
  if (origin.kind !== "procedural") return "";
  const { seed, instead } = origin, drawn = `drawn by a program from seed ${seed}`;
  return instead ? `${drawn}, as ${instead.of} could not be had: ${instead.because}` : drawn;
}

/** What an experiment is before its first run. */
async function recordOf(
  description: Description,
  cells: readonly PlannedCell[],
  choice: Choice,
  { loaded, device, command }: {
    readonly loaded: Loaded;
    readonly device: string;
    readonly command: string;
  },
): Promise<ExperimentRecord> {
  const { task, title, question, measure, trains, paper } = description;
  const { rows, columns } = ofLength(description, choice.length);
  const { splits: { train, test }, dataset } = loaded, procedural = isDrawn(dataset);
  const { version } = configuration;
  return {
    format: 1,
    task,
    title,
    question,
    rows: rows.map(({ name }) => name),
    columns: columns.map(({ name }) => name),
    measure,
    seeds: choice.seeds,
    paper: procedural ? null : paper,
    scaled: scaledOf(description, cells, { length: choice.length, procedural }),
    command,
    version,
    device,
    dataset: {
      name: dataset,
      fingerprint: await fingerprint(train.dataset),
      train: train.dataset.count,
      test: test.dataset.count,
      note: noteOf(loaded),
    },
    startedAt: new Date().toISOString(),
    cells: cells.map(({ row, column, seed, run, args, settings }) => {
      const command = ["deno", "task", `train:${trains}`, ...args].join(" ");
      return { row, column, seed, run, command, settings, status: "pending" };
    }),
  };
}

/** The run of most images, by whose data an experiment is known. */
function largest(cells: readonly PlannedCell[]): PlannedCell {
  const images = ({ settings }: PlannedCell) => settings.subset ?? Infinity;
  return cells.reduce((most, cell) => images(cell) > images(most) ? cell : most);
}

async function deviceOf({ device, threads }: Values): Promise<string> {
  await using run = await openDevice({ device, threads });
  return run.device;
}

async function runAs(experiment: Experiment, args: readonly string[]): Promise<number> {
  const { name, options = {} } = experiment, table = { ...COMMON, ...options };
  const parsed = parseOptions(table, args);
  if (parsed === "help") {
    console.log(helpOf(pageOf(experiment), table).trimEnd());
    return EXIT.done;
  }
  const values = parsed.values as Values & Readonly<Record<string, unknown>>;
  await using watch = await openWatch(values);
  const { data, quick, procedural, quiet, seeds } = values;
  const description = experiment.describe(values), device = await deviceOf(values);
  const length = lengthOf(values, device);
  const noData = quick && data === undefined && !Deno.env.get("GOODINIT_DATA");
  const choice: Choice = {
    length,
    seeds: seeds === undefined ? SEEDS[length] : seedsOf(seeds),
    options: overridesOf(values, procedural || noData),
  };
  const cells = cellsOf(description, choice);
  const { trains, options: { dataset }, images } = description;
  const source: DataSource = { trains, dataset, images, data, quiet }, dataOf = dataLoader(source);
  const usual = `runs/${name.replace(":", "-")}${quick ? "-quick" : ""}`;
  const out = values.out ?? forCaller(usual);
  const loaded = await dataOf(largest(cells)), notice = noticeOf(loaded.origin);
  const command = ["deno", "task", name, ...args].join(" ");
  const planned = await recordOf(description, cells, choice, { loaded, device, command });
  using _alone = await holdNew(out);
  const before = await readRecord(out);
  if (before) checkResumable(out, before, planned);
  const record = before ? mergeOutcomes(before, planned) : planned;
  using signal = interruption();
  const reporter = reporterOf({ quiet, terminal: Deno.stderr.isTerminal() });
  if (notice?.warning) console.error(notice.start);
  const grid = {
    out,
    source,
    jobs: values.jobs,
    record,
    cells,
    trains,
    images,
    dataOf,
    reporter,
    signal,
    watch,
  };
  const ended = await runGrid({ ...grid, checkpointEvery: values["checkpoint-every"] });
  if (description.curves) {
    const curves = await curvesOf(out, ended);
    await writeCurves(out, curves);
    console.log(curvesText(ended, curves, description.paperByEpoch));
  }
  console.log(summaryText(ended));
  console.log(out);
  watch?.tell({ kind: "end", status: signal.aborted ? "stopped" : "finished" });
  if (signal.aborted) return EXIT.stopped;
  return ended.cells.some(({ status }) => status === "failed") ? EXIT.failed : EXIT.done;
}

/** Runs an experiment; returns the exit code. What a user can mend is said in one line. */
export const runExperiment = (
  experiment: Experiment,
  args: readonly string[],
): Promise<number> => guarded(experiment.name, () => runAs(experiment, args));
