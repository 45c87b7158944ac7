/**
 * What the training tasks share: from a command line to a trained net in a run's folder.
 *
 * @module
 */
import { forCaller } from "../cli/caller.ts";
import { EXIT, reportErrors } from "../cli/command.ts";
import { formatHelp } from "../cli/help.ts";
import { interruption } from "../cli/interruption.ts";
import { parseOptions } from "../cli/options.ts";
import { createReporter } from "../cli/progress.ts";
import type { Downloads } from "../datasets/registry.ts";
import { dataNotice } from "../datasets/notice.ts";
import { loadData, type Loaded } from "../datasets/load_data.ts";
import { recordedFolder } from "../datasets/origin.ts";
import { reportDownloads } from "../datasets/download_progress.ts";
import { type Attach, type Observer, observers } from "../run/events.ts";
import { lockFolder, lockNewFolder, lockNumberedFolder } from "../run/lock.ts";
import type { Earlier } from "../run/resume.ts";
import { folderName } from "../run/run_folder.ts";
import type { Settings, TaskName } from "../run/settings.ts";
import { announcement } from "./forecast.ts";
import { narrate } from "./narrate.ts";
import { choosePreset, type PresetChoice } from "./presets.ts";
import { type Ended, runTraining } from "./run_training.ts";
import type { ClaimedFolder } from "./session.ts";
import { showProgress } from "./show_progress.ts";
import { earlierRun } from "./check_resume.ts";
import { resolveSettings } from "./settings.ts";
import { type TrainOptions, trainTable, type TrainValues } from "./options/mod.ts";
import { trainPage } from "./page.ts";

/** What a training task is given beside its command line. */
export interface TrainMeans {
  /** What observes its runs beside the terminal and the run's folder. */
  readonly attach?: readonly Attach<TrainValues>[];
  /** What data sets are downloaded as; the official archives if left out. */
  readonly downloads?: Downloads | undefined;
}

/** A run that is to be trained: a new one, or an earlier one that is resumed. */
interface Planned {
  readonly choice: PresetChoice;
  readonly settings: Settings;
  readonly data: Loaded;
}

/** The data and the settings of a new run; which data there is may decide settings. */
async function plan(
  task: TaskName,
  parsed: TrainOptions,
  earlier: Earlier | undefined,
  downloads: Downloads | undefined,
): Promise<Planned> {
  const { data: folder, quiet } = parsed.values, was = earlier?.manifest;
  const choice = was
    ? { preset: was.settings.preset, why: "as the run started" }
    : await choosePreset(parsed.values);
  const wanted = was?.settings ?? resolveSettings(task, parsed, choice.preset);
  const free = !was && !parsed.given.has("dataset");
  const data = await loadData(
    {
      ...wanted,
      task,
      data: folder ?? await recordedFolder(was?.data),
      orProcedural: free,
      orKin: free,
    },
    { reporter: reportDownloads({ quiet, terminal: Deno.stderr.isTerminal() }), downloads },
  );
  const settings = was?.settings ?? resolveSettings(task, parsed, choice.preset, data.dataset);
  return { choice, settings, data };
}

/** The folder of a new run: the one that is asked for, else one that is named by the time. */
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

const exitCode = ({ status, results: { fault } }: Ended): number =>
  fault ? EXIT.failed : status === "stopped" ? EXIT.stopped : EXIT.done;

async function trainRun(
  task: TaskName,
  args: readonly string[],
  parsed: TrainOptions,
  { attach = [], downloads }: TrainMeans,
): Promise<number> {
  const started = new Date(), { values, given } = parsed;
  using _earlier = values.resume === undefined ? undefined : await lockFolder(values.resume);
  const earlier = await earlierRun(task, parsed);
  if (earlier && !earlier.longer && earlier.manifest.status === "finished") {
    console.log(`${values.resume} is finished; there is nothing to resume`);
    return EXIT.done;
  }
  await using attached = new AsyncDisposableStack();
  const watching: Observer[] = [];
  for (const open of attach) {
    const each = attached.use(await open(values));
    if (each) watching.push(each.observe);
  }
  const { choice, settings, data } = await plan(task, parsed, earlier, downloads);
  const notice = dataNotice(earlier?.manifest.data.origin ?? data.origin);
  if (notice?.warning) console.error(notice.start);
  using signal = interruption();
  const reporter = createReporter({ quiet: values.quiet, terminal: Deno.stderr.isTerminal() });
  const ended = await runTraining(
    {
      task,
      settings,
      data,
      command: ["deno", "task", `train:${task}`, ...args],
      started,
      earlier,
      claimFolder: () => claimFolder(values.out, settings, started),
      threads: values.threads,
      checkpointEvery: values["checkpoint-every"],
      signal,
      profile: values.profile,
    },
    observers(
      ...watching,
      showProgress(reporter),
      narrate({
        reporter,
        notice,
        announce: ({ images, resumed }, seconds) =>
          announcement(
            {
              ...settings,
              task,
              choice,
              images: images.train,
              resumed: resumed !== undefined,
              given,
            },
            seconds,
          ),
      }),
    ),
  );
  if (notice?.end) console.error(notice.end);
  return exitCode(ended);
}

/** Runs a training task; returns the exit code. What a user can mend is said in one line. */
export const train = (
  task: TaskName,
  args: readonly string[],
  means: TrainMeans = {},
): Promise<number> =>
  reportErrors(`train:${task}`, async () => {
    const table = trainTable(task), parsed = parseOptions(table, args);
    if (parsed !== "help") return await trainRun(task, args, parsed, means);
    console.log(formatHelp(trainPage(task), table).trimEnd());
    return EXIT.done;
  });
