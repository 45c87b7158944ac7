/**
 * What a training task is going to train: data that is there, and settings that fit it.
 *
 * @module
 */
import { reportDownloads } from "../datasets/download_progress.ts";
import { loadData, type Loaded } from "../datasets/load_data.ts";
import { recordedFolder } from "../datasets/origin.ts";
import type { Downloads } from "../datasets/registry.ts";
import type { Earlier } from "../run/resume.ts";
import type { Settings, TaskName } from "../run/settings.ts";
import type { TrainOptions } from "./options/mod.ts";
import { choosePreset, type PresetChoice } from "./presets.ts";
import { resolveSettings } from "./settings.ts";

/** A run that is to be trained: a new one, or an earlier one that is resumed. */
export interface PlannedRun {
  readonly choice: PresetChoice;
  readonly settings: Settings;
  readonly data: Loaded;
}

/**
 * Loads the data of a run and resolves its settings, which depend on the data that there is.
 */
export async function planRun(
  task: TaskName,
  parsed: TrainOptions,
  { earlier, downloads }: {
    /** The run that is resumed, whose settings these are then. */
    readonly earlier: Earlier | undefined;
    readonly downloads: Downloads | undefined;
  },
): Promise<PlannedRun> {
  const { data: folder, quiet } = parsed.values, recorded = earlier?.manifest;
  const choice = recorded
    ? { preset: recorded.settings.preset, why: "as the run started" }
    : await choosePreset(parsed.values);
  const wanted = recorded?.settings ?? resolveSettings(task, parsed, choice.preset);
  const free = !recorded && !parsed.given.has("dataset");
  const data = await loadData(
    {
      ...wanted,
      task,
      data: folder ?? await recordedFolder(recorded?.data),
      orProcedural: free,
      orKin: free,
    },
    { reporter: reportDownloads({ quiet, terminal: Deno.stderr.isTerminal() }), downloads },
  );
  const settings = recorded?.settings ?? resolveSettings(task, parsed, choice.preset, data.dataset);
  return { choice, settings, data };
}
