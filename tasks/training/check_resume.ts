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

/** The value that a setting has where a manifest leaves it out. */
function unstated(name: string, value: unknown): unknown {
  return name === "schedule" ? "multistep" : typeof value === "boolean" ? false : undefined;
}

/** Throws an {@linkcode OptionError} on an option that differs from the run's settings. */
function checkSame(
  { path, manifest: { settings } }: Pick<Earlier, "path" | "manifest">,
  { values, given }: TrainOptions,
): void {
  for (const name of given) {
    if (FREE_ON_RESUME.has(name) || name === "epochs") continue;
    const setting = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const value = values[name as keyof typeof values], found = show(value);
    const expected = show(settings[setting as keyof Settings] ?? unstated(name, value));
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
  const settings = { ...manifest.settings, epochs };
  return { path, manifest: { ...manifest, settings }, longer: epochs > before };
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
  return lengthened(path, manifest, parsed);
}
