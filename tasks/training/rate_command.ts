/**
 * `deno task tune:rate`: the learning-rate range test, for any net and data of the training tasks.
 *
 * @module
 */
import { stringify } from "@std/csv";
import { LOSSES } from "../../src/nn/mod.ts";
import type { Params } from "../../src/tensor.ts";
import { type RateRange, rateRange } from "../../src/train/mod.ts";
import { writeFile } from "../cli/write_file.ts";
import { forCaller } from "../cli/caller.ts";
import { EXIT } from "../cli/command.ts";
import { formatHelp, type Page } from "../cli/help.ts";
import { interruption } from "../cli/interruption.ts";
import { OptionError } from "../cli/option_table.ts";
import { makeFolder, newFolder } from "../cli/output_paths.ts";
import { type Parsed, parseOptions } from "../cli/parse_options.ts";
import { dataNotice } from "../datasets/notice.ts";
import { modelTitle } from "../models/model.ts";
import type { TaskName } from "../run/settings.ts";
import { buildRunNet } from "./build.ts";
import { buildOptimizer } from "./build_optimizer.ts";
import { initializeParams } from "./initialize_params.ts";
import { trainTable } from "./options/mod.ts";
import type { ProcessGroup } from "./processes/group.ts";
import { runInGroup } from "./processes/in_group.ts";
import { lead } from "./processes/lead.ts";
import { checkDevices } from "./processes/open_together.ts";
import { planTogether } from "./processes/plan_together.ts";
import { RECIPES } from "./recipes/fitnets.ts";
import { openSpecDevice } from "./run_training.ts";
import { runImages } from "./whiten.ts";

/** The options of the test itself. */
const RATE_OPTIONS = {
  from: { kind: "number", above: 0, default: 1e-6, help: "The first learning rate." },
  to: { kind: "number", above: 0, default: 10, help: "The last learning rate." },
  steps: {
    kind: "integer",
    from: 10,
    default: 100,
    help: "How many steps the rate takes from the first to the last.",
  },
} as const;

const rateTable = (task: TaskName) => ({ ...RATE_OPTIONS, ...trainTable(task) }) as const;

const PAGE: Page = {
  command: "deno task tune:rate",
  about:
    "find a learning rate by the range test: a training in which the rate grows exponentially from " +
    "step to step until the loss explodes.",
  operands: {
    names: [[
      "TASK",
      "mnist or cifar, the training task whose options it takes; mnist if left out.",
    ]],
    least: 0,
  },
  examples: [
    ["deno task tune:rate mnist", "The default net of train:mnist:"],
    ["deno task tune:rate cifar --net nin --optimizer adamw", "Another net and optimizer:"],
  ],
  notes: [
    "The folder of --out, by default rates/TASK-NET, gets rate_range.csv and rate_range.svg. The suggestion " +
    "is a tenth of the rate at which the smoothed loss is lowest; give it as --rate to the training task. " +
    "Options of epochs and schedules have no effect here.",
    "Exit codes: 0 done, 1 something failed, 2 a wrong command line, 130 ended by Ctrl-C, which writes nothing.",
  ],
};

/** Draws the figure of a test into a folder; returns why there is none, if so. */
export type DrawRange = (
  folder: string,
  title: string,
  range: RateRange,
) => Promise<string | undefined>;

/** The options of the test and of its task. */
type RateOptions = Parsed<ReturnType<typeof rateTable>>;

/** A test to run. */
interface RateCall {
  readonly task: TaskName;
  readonly parsed: RateOptions;
}

/** Runs the test of a task's settings. */
async function testRates({ task, parsed }: RateCall, group: ProcessGroup | undefined) {
  const { values } = parsed, nothing = { earlier: undefined, downloads: undefined };
  const planned = await planTogether(group, task, parsed, nothing);
  const { settings, data } = planned, notice = dataNotice(data.origin);
  if (notice) console.error(notice.start);
  using signal = interruption();
  const claimFolder = () => Promise.reject(new Error("no run"));
  const spec = {
    task,
    settings,
    data,
    command: [],
    claimFolder,
    checkpointEvery: 0,
    signal,
    group,
  };
  await using run = await openSpecDevice({
    ...spec,
    threads: values.threads,
    native: values.native,
  });
  if (group) checkDevices(group, run);
  const { splits: { train } } = await runImages(run, spec);
  const net = buildRunNet(settings, train.dataset.classes);
  const own = group ? undefined : signal;
  const { params } = await initializeParams(run, net, settings, train, group?.job, own);
  const { batch, augment, seed, loss } = settings, { from, to, steps } = values;
  console.log(
    `${modelTitle(settings)} | ${settings.optimizer} | batch ${batch} | rates ${from} to ${to}`,
  );
  const range = await rateRange<readonly Params[], Params>(run, {
    ...{ net, params, train, batch, augment, seed, from, to, steps },
    loss: LOSSES[loss],
    optimizer: (schedule) => buildOptimizer(settings, 1, params, schedule),
    signal,
    distributed: group?.job,
  });
  return { range, title: modelTitle(settings), net: settings.net };
}

const short = (rate: number | undefined): string =>
  rate === undefined ? "none" : String(Number(rate.toPrecision(2)));

/** Reads a command line; the exit code where it asks for help, which is printed. */
function parseRates(args: readonly string[]): RateCall | number {
  const [first = "mnist", ...rest] = args, asked = Object.hasOwn(RECIPES, first);
  const task = asked ? first as TaskName : "mnist", table = rateTable(task);
  if (!asked && !first.startsWith("-")) {
    throw new OptionError(`expected ${Object.keys(RECIPES).join(" or ")}, found ${first}`);
  }
  const parsed = parseOptions(table, asked ? rest : args);
  if (parsed === "help") {
    console.log(formatHelp(PAGE, table).trimEnd());
    return EXIT.done;
  }
  const { from, to } = parsed.values;
  if (!(to > from)) throw new OptionError(`--to: expected more than --from ${from}, found ${to}`);
  return { task, parsed };
}

/** Writes a test's table and figure into a folder. */
async function writeRange(
  folder: string,
  { range, title }: { readonly range: RateRange; readonly title: string },
  { draw, isNew }: { readonly draw: DrawRange; readonly isNew: boolean },
): Promise<void> {
  if (isNew) await newFolder(folder);
  else await makeFolder(folder);
  const columns = ["step", "rate", "loss", "smoothed"];
  const rows = range.points.map((point) => ({ ...point }));
  await writeFile(`${folder}/rate_range.csv`, stringify(rows, { columns }));
  const fault = await draw(folder, title, range);
  if (fault) console.error(fault);
}

/** Throws an error again, unless it is the reason of a signal that ended LSUV. */
function unlessStopped(error: unknown): undefined {
  if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
}

/** Runs the task, alone or as one of the processes that a launcher started; returns the exit code. */
export const tuneRate = (args: readonly string[], draw: DrawRange): Promise<number> =>
  runInGroup({
    name: "tune:rate",
    parse: () => parseRates(args),
    choice: ({ parsed: { values: { distributed } } }) => distributed,
    quiet: ({ parsed: { values: { quiet } } }) => quiet,
    work: async (call, group) => {
      const { task, parsed: { values: { out } } } = call;
      const found = await testRates(call, group).catch(unlessStopped);
      if (!found || found.range.stopped) {
        console.error("stopped; nothing is written");
        return EXIT.stopped;
      }
      const folder = out ?? forCaller(`rates/${task}-${found.net}`), isNew = out !== undefined;
      await lead(group, () => writeRange(folder, found, { draw, isNew }));
      const { lowest, steepest, suggestion } = found.range;
      console.log(`lowest loss at ${short(lowest)}, steepest fall at ${short(steepest)}`);
      console.log(
        suggestion === undefined
          ? "the loss never fell: no suggestion; try more --steps or another --from and --to"
          : `suggestion: --rate ${short(suggestion)} | ${folder}`,
      );
      return EXIT.done;
    },
  });
