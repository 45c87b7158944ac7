/**
 * The command of the training tasks: from a command line to a trained net in a run's folder.
 *
 * @module
 */
import { forCaller } from "../cli/caller.ts";
import { EXIT } from "../cli/command.ts";
import { formatHelp } from "../cli/help.ts";
import { interruption } from "../cli/interruption.ts";
import { createReporter } from "../cli/progress.ts";
import { dataNotice, type Notice } from "../datasets/notice.ts";
import type { Downloads } from "../datasets/registry.ts";
import { type Attach, attachAll } from "../run/attach.ts";
import { type Observer, observers, type StartEvent } from "../run/events.ts";
import { lockFolder, lockNewFolder, lockNumberedFolder } from "../run/lock.ts";
import type { Earlier } from "../run/resume.ts";
import { folderName } from "../run/run_folder.ts";
import { type Settings, taskCommand, type TaskName } from "../run/settings.ts";
import { announcement } from "./forecast.ts";
import { narrate } from "./narrate.ts";
import type { PlannedRun } from "./plan_run.ts";
import type { ProcessGroup } from "./processes/group.ts";
import { runInGroup } from "./processes/in_group.ts";
import { lead } from "./processes/lead.ts";
import { planTogether } from "./processes/plan_together.ts";
import type { RunOutcome } from "./finish.ts";
import { runTraining } from "./run_training.ts";
import type { ClaimedFolder, TrainingSpec } from "./session.ts";
import { showProgress } from "./show_progress.ts";
import { earlierRun } from "./check_resume.ts";
import { type TrainOptions, trainTable, type TrainValues } from "./options/mod.ts";
import { trainPage } from "./page.ts";
import { parseOptions } from "../cli/parse_options.ts";

/** What a training task takes beside its command line. */
export interface TrainHooks {
  /** The observers of its runs, beside the terminal and the run's folder. */
  readonly attach?: readonly Attach<TrainValues>[];
  /** The downloads of data sets; the official archives if left out. */
  readonly downloads?: Downloads | undefined;
}

/** The folder of a new run: the one that was asked for, else one named by the time. */
async function claimFolder(
  out: string | undefined,
  settings: Settings,
  started: Date,
): Promise<ClaimedFolder> {
  if (out === undefined) {
    return await lockNumberedFolder(forCaller(`runs/${folderName(settings, started)}`));
  }
  return Object.assign(await lockNewFolder(out), { path: out });
}

const exitCode = ({ status, results: { fault } }: RunOutcome): number =>
  fault ? EXIT.failed : status === "stopped" ? EXIT.stopped : EXIT.done;

/** A call of a training task. */
interface Call {
  readonly task: TaskName;
  readonly args: readonly string[];
  readonly parsed: TrainOptions;
  readonly started: Date;
}

/** The specification of the run, from the command line and the plan. */
function trainingSpec(
  { task, args, parsed: { values }, started }: Call,
  { settings, data }: PlannedRun,
  { earlier, signal, group }: Pick<TrainingSpec, "earlier" | "signal" | "group">,
): TrainingSpec {
  return {
    task,
    settings,
    data,
    command: ["deno", "task", taskCommand(task), ...args],
    started,
    earlier,
    claimFolder: () => claimFolder(values.out, settings, started),
    threads: values.threads,
    native: values.native,
    checkpointEvery: values["checkpoint-every"],
    signal,
    profile: values.profile,
    group,
  };
}

/** Shows a run on the terminal: its progress, and the lines about it. */
function showRun(
  { task, parsed: { values: { quiet }, given } }: Call,
  { choice, settings }: PlannedRun,
  notice: Notice | undefined,
): Observer {
  const reporter = createReporter({ quiet, terminal: Deno.stderr.isTerminal() });
  const announce = ({ images: { train }, resumed }: StartEvent, seconds: number) =>
    announcement(
      { ...settings, task, choice, images: train, resumed: resumed !== undefined, given },
      seconds,
    );
  return observers(showProgress(reporter), narrate({ reporter, notice, announce }));
}

/** Whether an earlier run is finished, so that there is nothing to resume. */
const isOver = ({ longer, manifest: { status } }: Earlier): boolean =>
  !longer && status === "finished";

async function trainRun(
  call: Call,
  { attach = [], downloads }: TrainHooks,
  group: ProcessGroup | undefined,
): Promise<number> {
  const { task, parsed } = call, { values: { resume } } = parsed;
  using locks = new DisposableStack();
  const earlier = await lead(group, async () => {
    if (resume !== undefined) locks.use(await lockFolder(resume));
    return await earlierRun(task, parsed);
  });
  if (earlier && isOver(earlier)) {
    console.log(`${resume} is finished; there is nothing to resume`);
    return EXIT.done;
  }
  await using attached = await lead(group, () => attachAll(attach, parsed.values), () => undefined);
  const planned = await planTogether(group, task, parsed, { earlier, downloads });
  const notice = dataNotice(earlier?.manifest.data.origin ?? planned.data.origin);
  if (notice?.warning) console.error(notice.start);
  using signal = interruption();
  const ended = await runTraining(
    trainingSpec(call, planned, { earlier, signal, group }),
    observers(attached?.observe, showRun(call, planned, notice)),
  );
  if (notice?.end) console.error(notice.end);
  return exitCode(ended);
}

/** The net that arguments name, though they ask for help. */
function netNamed(args: readonly string[]): string | undefined {
  const at = args.indexOf("--net"), joined = args.find((arg) => arg.startsWith("--net="));
  return joined?.slice("--net=".length) ?? (at < 0 ? undefined : args[at + 1]);
}

/** Reads a command line; the exit code where it asks for help, which is printed. */
function parseTraining(task: TaskName, args: readonly string[]): TrainOptions | number {
  const table = trainTable(task), parsed = parseOptions(table, args);
  if (parsed !== "help") return parsed;
  console.log(formatHelp(trainPage(task, netNamed(args)), table).trimEnd());
  return EXIT.done;
}

/**
 * Runs a training task, alone or as one of the processes that a launcher started; returns the exit code. An
 * error that a user can fix is printed as one line.
 */
export const train = (
  task: TaskName,
  args: readonly string[],
  hooks: TrainHooks = {},
): Promise<number> => {
  const started = new Date();
  return runInGroup({
    name: taskCommand(task),
    parse: () => parseTraining(task, args),
    choice: ({ values: { distributed } }) => distributed,
    quiet: ({ values: { quiet } }) => quiet,
    work: (parsed, group) => trainRun({ task, args, parsed, started }, hooks, group),
  });
};
