/**
 * The plan of a run before it starts: its data, and the settings that follow from it.
 *
 * @module
 */
import { reportDownloads } from "../datasets/download_progress.ts";
import { loadData, type Loaded } from "../datasets/load_data.ts";
import { recordedFolder } from "../datasets/origin.ts";
import type { Downloads } from "../datasets/registry.ts";
import { OptionError } from "../cli/option_table.ts";
import { openFiniteModel } from "../models/open.ts";
import { lossesOf } from "../models/options.ts";
import type { Earlier } from "../run/resume.ts";
import type { Settings, TaskName } from "../run/settings.ts";
import type { TrainOptions } from "./options/mod.ts";
import { choosePreset, type PresetChoice } from "./presets.ts";
import { checkShared } from "./processes/check_settings.ts";
import { resolveSettings } from "./settings.ts";

/** A run to train: a new one, or an earlier one that is resumed. */
export interface PlannedRun {
  readonly choice: PresetChoice;
  readonly settings: Settings;
  readonly data: Loaded;
}

/** Settings that follow from the data: whether it is streamed, and for few pictures a smaller batch. */
function fitToData(
  task: TaskName,
  { given }: TrainOptions,
  settings: Settings,
  { splits: { train: { dataset } } }: Loaded,
): Settings {
  const few = task === "pictures" && !given.has("batch") && dataset.count < settings.batch;
  const fitted: Settings = { ...settings, ...dataset.stream && { images: "stream" } };
  if (!few) return fitted;
  const follows = settings.lsuvBatch !== undefined && !given.has("lsuv-batch");
  return { ...fitted, batch: dataset.count, ...follows && { lsuvBatch: dataset.count } };
}

/**
 * Settings with a loss of the labels: of numbers `mse` unless another one is asked for. Throws an
 * {@linkcode OptionError} on one of other labels.
 */
function withLoss(
  settings: Settings,
  { splits: { train: { dataset: { name, labels } } } }: Loaded,
  given: ReadonlySet<string>,
): Settings {
  const numbers = labels instanceof Float32Array, losses = lossesOf(numbers);
  if (losses.includes(settings.loss)) {
    const wrong = settings.loss === "bce" && numbers
      ? labels.find((label) => !(label >= 0 && label <= 1))
      : undefined;
    if (wrong === undefined) return settings;
    throw new OptionError(`--loss: expected labels from 0 to 1 for bce, found ${wrong} in ${name}`);
  }
  if (numbers && !given.has("loss")) return { ...settings, loss: "mse" };
  throw new OptionError(
    `--loss: expected one of ${losses.join(", ")} for the ${
      numbers ? "numbers" : "classes"
    } that are the labels of ${name}, found ${settings.loss}`,
  );
}

/** Settings that are resolved, and where their data came from. */
export interface Resolved {
  readonly settings: Settings;
  readonly origin: unknown;
}

/** Loads the data of settings that are resolved already: those of a run that resumes, or of process 0. */
export async function loadResolved(
  task: TaskName,
  { values: { data: folder, quiet, strict } }: TrainOptions,
  { settings, origin }: Resolved,
  downloads: Downloads | undefined,
): Promise<Loaded> {
  const request = {
    ...settings,
    images: settings.images ?? "memory" as const,
    strict,
    task,
    data: folder ?? await recordedFolder({ origin }),
    orProcedural: false,
  };
  const reporter = reportDownloads({ quiet, terminal: Deno.stderr.isTerminal() });
  return await loadData(request, { reporter, downloads });
}

/**
 * Loads the data of a run and resolves its settings, which depend on the data set that was found.
 */
export async function planRun(
  task: TaskName,
  parsed: TrainOptions,
  { earlier, downloads, processes = 1 }: {
    /** The run that is resumed, with its settings. */
    readonly earlier: Earlier | undefined;
    readonly downloads: Downloads | undefined;
    /** How many processes train together; 1 if left out. */
    readonly processes?: number;
  },
): Promise<PlannedRun> {
  const { data: folder, quiet } = parsed.values;
  const check = (settings: Settings) => processes > 1 && checkShared(settings, processes);
  if (earlier) {
    const { settings, data: { origin } } = earlier.manifest;
    check(settings);
    const choice = { preset: settings.preset, why: "as the run started" };
    if (settings.teacher !== undefined) await openFiniteModel(settings.teacher);
    const data = await loadResolved(task, parsed, { settings, origin }, downloads);
    return { choice, settings, data };
  }
  const choice = await choosePreset(parsed.values);
  const wanted = resolveSettings(task, parsed, choice.preset);
  // Before anything is downloaded.
  check(wanted);
  if (wanted.teacher !== undefined) await openFiniteModel(wanted.teacher);
  const free = !parsed.given.has("dataset"), { images = "auto", strict } = parsed.values;
  const data = await loadData(
    {
      ...wanted,
      images: wanted.images ?? images,
      strict,
      task,
      data: folder,
      orProcedural: free,
      orSameFormat: free,
    },
    { reporter: reportDownloads({ quiet, terminal: Deno.stderr.isTerminal() }), downloads },
  );
  const resolved = resolveSettings(task, parsed, choice.preset, data.dataset);
  const settings = fitToData(task, parsed, withLoss(resolved, data, parsed.given), data);
  check(settings);
  return { choice, settings, data };
}
