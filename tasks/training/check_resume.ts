/**
 * Whether a command line agrees with the run that it resumes.
 *
 * @module
 */
import type { Manifest } from "../run/manifest.ts";
import { type Earlier, readResumable } from "../run/resume.ts";
import type { Settings, TaskName } from "../run/settings.ts";
import type { TrainOptions } from "./options/mod.ts";
import { FREE_ON_RESUME } from "./options/run.ts";
import { OptionError } from "../cli/option_table.ts";

const show = (value: unknown) =>
  value === undefined ? "none" : Array.isArray(value) ? value.join() || "none" : String(value);

/** The options of a run that diverged that may differ on resuming it. */
const UPDATE_OPTIONS = ["rate", "clip", "on-nonfinite"] as const;
type UpdateOption = (typeof UPDATE_OPTIONS)[number];

const isDiverged = (status: string): boolean => status.startsWith("diverged");

/** The name of an option's setting. */
const settingName = (option: string) =>
  option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) as keyof Settings;

/** The value that a setting has where a manifest leaves it out. */
function unstated(name: string, value: unknown): unknown {
  if (name === "on-nonfinite") return "stop";
  return name === "schedule" ? "multistep" : typeof value === "boolean" ? false : undefined;
}

/** Throws an {@linkcode OptionError} on an option that differs from the run's settings. */
function checkSame(
  { path, manifest: { settings, status } }: Pick<Earlier, "path" | "manifest">,
  { values, given }: TrainOptions,
): void {
  for (const name of given) {
    if (FREE_ON_RESUME.has(name) || name === "epochs") continue;
    if (isDiverged(status) && UPDATE_OPTIONS.includes(name as UpdateOption)) continue;
    const value = values[name as keyof typeof values], found = show(value);
    const expected = show(settings[settingName(name)] ?? unstated(name, value));
    if (expected === found) continue;
    throw new OptionError(
      `--${name}: expected ${expected}, as in the run in ${path}, or no such option, found ${found}`,
    );
  }
}

/**
 * A run with the number of epochs of the command line. The drops of its learning rate stay where they are, so
 * that it equals a run that had this many epochs from the start. Throws an {@linkcode OptionError} on fewer.
 */
function lengthened(path: string, manifest: Manifest, { values, given }: TrainOptions): Earlier {
  const { epochs: before } = manifest.settings;
  const epochs = given.has("epochs") ? values.epochs! : before;
  if (epochs < before) {
    throw new OptionError(
      `--epochs: expected ${before} or more, as the run in ${path} has ${before}, found ${epochs}`,
    );
  }
  const device = given.has("device") ? values.device : manifest.settings.device;
  const settings = { ...manifest.settings, epochs, device };
  return { path, manifest: { ...manifest, settings }, longer: epochs > before };
}

/**
 * A run that diverged, with what of its update the command line changes. Throws an {@linkcode OptionError} if
 * that is nothing, as it would diverge again.
 */
function updatedAnew(earlier: Earlier, { values, given }: TrainOptions): Earlier {
  const { path, manifest } = earlier, { settings, status } = manifest;
  if (!isDiverged(status)) return earlier;
  const changed = UPDATE_OPTIONS.filter((name) => given.has(name)).map((name) => {
    const value = values[name];
    return [settingName(name), value === "stop" ? undefined : value] as const;
  }).filter(([name, value]) => settings[name] !== value);
  if (changed.length === 0) {
    throw new OptionError(
      `--resume: expected another ${
        UPDATE_OPTIONS.map((name) => `--${name}`).join(", ")
      } for a run that ` +
        `${status}, and would again, found the same in ${path}`,
    );
  }
  const now = { ...settings, ...Object.fromEntries(changed) };
  return { ...earlier, manifest: { ...manifest, settings: now }, updatesAnew: true };
}

/**
 * The run that `--resume` names, if any. Throws an {@linkcode OptionError} where the task cannot resume it,
 * or not with these options.
 */
export async function earlierRun(
  task: TaskName,
  parsed: TrainOptions,
): Promise<Earlier | undefined> {
  const { resume: path } = parsed.values;
  if (path === undefined) return undefined;
  const manifest = await readResumable(task, path);
  checkSame({ path, manifest }, parsed);
  return updatedAnew(lengthened(path, manifest, parsed), parsed);
}
