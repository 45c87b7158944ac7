/**
 * What a task that is submitted will do: its runs, its folder, its arguments. All that is wrong with its command
 * line is found here, before anything is submitted.
 *
 * @module
 */
import { resolve } from "node:path";
import { dataNotice } from "../datasets/notice.ts";
import type { Loaded } from "../datasets/load_data.ts";
import type { DeviceName } from "../../src/device/open.ts";
import { fail } from "../cli/option_table.ts";
import { parseOptions } from "../cli/parse_options.ts";
import { createDataLoader, largest } from "../experiments/load_data.ts";
import { newRecord } from "../experiments/new_record.ts";
import { EXPERIMENT_OPTIONS } from "../experiments/options.ts";
import { isOpen } from "../experiments/outcome.ts";
import type { Experiment } from "../experiments/experiment.ts";
import { type ExperimentPlan, type Given, planExperiment } from "../experiments/plan.ts";
import { readRecord } from "../experiments/read_record.ts";
import { checkResumable } from "../experiments/resume.ts";
import type { TaskName } from "../run/settings.ts";
import type { Planned } from "./measure.ts";
import type { SubmitValues } from "./options.ts";
import type { Target } from "./target.ts";

/** The work of a task. */
export interface Work {
  readonly trains: TaskName;
  /** Its runs that are not over yet. */
  readonly runs: readonly Planned[];
  /** Whether several jobs may share them. */
  readonly isShared: boolean;
  /** How many runs each job trains side by side. */
  readonly jobs: number;
  /** Its folder, as an absolute path. */
  readonly out: string;
  /** Its arguments, in which nothing is left to what a node has. */
  readonly args: readonly string[];
  /** Whether it takes a number of threads, and none is given. */
  readonly takesThreads: boolean;
  /** The arguments with which a single run is resumed. */
  readonly resumed?: readonly string[] | undefined;
}

/** Whether jobs are to have GPUs. */
const wantsGpu = ({ "gpus-per-task": gpus, gres, also }: SubmitValues): boolean =>
  gpus !== undefined || /\bgpu/i.test(`${gres} ${also}`);

/** The device of the jobs: the one asked for, else a GPU where GPUs are asked for. */
export const chooseDevice = (device: DeviceName, values: SubmitValues): DeviceName =>
  device !== "auto" ? device : wantsGpu(values) ? "webgpu" : "cpu";

/** Says what is odd about the data, as the task would. */
export function warnOfData({ origin }: Loaded): void {
  const notice = dataNotice(origin);
  if (notice?.warning) console.error(notice.start);
}

/** The runs of an experiment that are asked for and not over, from its record where there is one. */
async function openRuns(plan: ExperimentPlan, data: Loaded): Promise<ExperimentPlan["cells"]> {
  const before = await readRecord(plan.out);
  if (!before) return plan.cells;
  checkResumable(plan.out, before, await newRecord(plan, data, ""));
  const statuses = new Map(before.cells.map((cell) => [cell.run, cell]));
  return plan.cells.filter(({ run, kept }) => {
    const cell = statuses.get(run);
    return !kept && (!cell || isOpen(cell as Parameters<typeof isOpen>[0]));
  });
}

/** The work of an experiment. */
export async function planGrid(
  { args, options }: Target,
  experiment: Experiment,
  submitted: SubmitValues,
): Promise<Work> {
  const parsed = parseOptions({ ...EXPERIMENT_OPTIONS, ...experiment.options }, options);
  if (parsed === "help") return fail("expected options to submit, found a call for help");
  const { given } = parsed, values = parsed.values as Given;
  if (given.has("shard")) {
    fail("--shard: expected none, since each job has its own, found one; see --array");
  }
  if (submitted.ranks !== undefined) {
    fail("--ranks: expected none beside an experiment, whose runs are shared by --array");
  }
  const device = chooseDevice(values.device, submitted);
  const plan = await planExperiment(
    experiment,
    { ...values, device },
    () => Promise.resolve(device),
  );
  const loadData = createDataLoader(plan.source), data = await loadData(largest(plan.cells));
  warnOfData(data);
  const cells = await openRuns(plan, data);
  return {
    trains: plan.description.trains,
    runs: cells.filter(({ retests }) => !retests)
      .map((cell) => ({ settings: cell.settings, loadData: () => loadData(cell) })),
    isShared: true,
    jobs: values.jobs,
    out: resolve(plan.out),
    args: [...args, ...values.device === "auto" ? ["--device", device] : []],
    takesThreads: device === "cpu" && !given.has("threads"),
  };
}
