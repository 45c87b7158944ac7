/**
 * The work of a training task that is submitted: one run, which is resumed where a job is run again.
 *
 * @module
 */
import { resolve } from "node:path";
import { forCaller } from "../cli/caller.ts";
import { optionArguments, type OptionValue } from "../cli/option_arguments.ts";
import { fail, type Table } from "../cli/option_table.ts";
import { parseOptions } from "../cli/parse_options.ts";
import { readManifest } from "../run/read_manifest.ts";
import { folderName } from "../run/run_folder.ts";
import type { TaskName } from "../run/settings.ts";
import { earlierRun } from "../training/check_resume.ts";
import { type TrainOptions, trainTable } from "../training/options/mod.ts";
import { FREE_ON_RESUME } from "../training/options/run.ts";
import { planRun } from "../training/plan_run.ts";
import type { SubmitValues } from "./options.ts";
import type { Target } from "./target.ts";
import { chooseDevice, warnOfData, type Work } from "./work.ts";

/** The options with the device, and the preset that fits it. */
function pinned(parsed: TrainOptions, submitted: SubmitValues): TrainOptions {
  const { values } = parsed, device = chooseDevice(values.device, submitted);
  const preset = values.preset ?? (device === "webgpu" ? "paper" : "quick");
  return { ...parsed, values: { ...values, device, preset } };
}

/** The arguments that say what was pinned. */
const pinnedArguments = ({ values: before }: TrainOptions, { values }: TrainOptions) => [
  ...(before.device === values.device ? [] : ["--device", values.device]),
  ...(before.preset === values.preset ? [] : ["--preset", values.preset!]),
];

/** The options that a run may have when it is resumed, with the values that were given. */
function freeArguments({ values, given }: TrainOptions): readonly string[] {
  const free = [...given].filter((name) => FREE_ON_RESUME.has(name) && name !== "resume");
  const entries = free.map((name) => [name, (values as Record<string, OptionValue>)[name]]);
  return optionArguments(Object.fromEntries(entries));
}

/** Arguments without those of `--out`. */
const withoutOut = (args: readonly string[]): readonly string[] =>
  args.filter((arg, i) => !/^--out(=|$)/.test(arg) && args[i - 1] !== "--out");

/** The folder of a new run, which nothing must be in. */
async function newRunFolder(out: string): Promise<string> {
  const path = resolve(out);
  if (await readManifest(path)) {
    fail(
      `--out: expected a new or empty folder, found a run in ${out}, which --resume goes on with`,
    );
  }
  return path;
}

/** The work of a training task. */
export async function planTraining(
  { args, options }: Target,
  task: TaskName,
  submitted: SubmitValues,
): Promise<Work> {
  const table: Table = trainTable(task), parsed = parseOptions(table, options);
  if (parsed === "help") return fail("expected options to submit, found a call for help");
  if (submitted.array !== undefined || submitted["at-once"] !== undefined) {
    fail("--array: expected none beside a training task, which is a single run; see --ranks");
  }
  const given = parsed as unknown as TrainOptions, earlier = await earlierRun(task, given);
  const whole = earlier ? given : pinned(given, submitted);
  const { settings, data } = await planRun(task, whole, { earlier, downloads: undefined });
  warnOfData(data);
  const { resume, out = forCaller(`runs/${folderName(settings, new Date())}`) } = whole.values;
  const several = (submitted.ranks ?? 1) > 1 && "distributed" in table;
  const always = several ? ["--distributed", "mpi"] : [];
  const work = {
    trains: task,
    runs: [{ settings, loadData: () => Promise.resolve(data) }],
    isShared: false,
    jobs: 1,
    takesThreads: settings.device !== "webgpu" && !given.given.has("threads"),
  };
  if (resume !== undefined) return { ...work, out: resolve(resume), args: [...args, ...always] };
  const folder = await newRunFolder(out);
  return {
    ...work,
    out: folder,
    args: [...withoutOut(args), ...pinnedArguments(given, whole), ...always, "--out", folder],
    resumed: [...freeArguments(given), ...always],
  };
}
