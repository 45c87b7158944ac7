/**
 * Resuming a run: whether its folder and its data allow it, and what to tell the user.
 *
 * @module
 */
import configuration from "../../deno.json" with { type: "json" };
import { counted } from "../../src/counted.ts";
import { TaskError } from "../cli/command.ts";
import { oneLine } from "../cli/file_fault.ts";
import { quoted } from "../cli/quoted.ts";
import { taskCommand, type TaskName, taskOf } from "./settings.ts";
import type { Resumed } from "./events.ts";
import { RUN_FILES } from "./files.ts";
import type { Manifest, SessionRecord } from "./manifest.ts";
import { readManifest, readWholeManifest } from "./read_manifest.ts";
import { OptionError } from "../cli/option_table.ts";

/** A run to resume. */
export interface Earlier {
  /** Its folder. */
  readonly path: string;
  /** As stored in its folder, except the number of epochs where more are asked for. */
  readonly manifest: Manifest;
  /** Whether more epochs are asked for than it had; false if left out. */
  readonly longer?: boolean;
  /** Whether another learning rate or other rules of the update are asked for, as after it diverged. */
  readonly updatesAnew?: boolean;
}

const fail = (expected: string, found: string): never => {
  throw new OptionError(`--resume: expected ${expected}, found ${found}`);
};

/** Throws an {@linkcode OptionError} on the manifest of another task, or of another version of the program. */
async function checkOrigin(task: TaskName, path: string): Promise<void> {
  const found = await readManifest(path), { command, program } = found ?? {};
  if (!found) fail("a run's folder", `${path} without a ${RUN_FILES.manifest}`);
  const other = command === undefined ? task : taskOf(command);
  if (other !== task) {
    fail(
      `a run of ${taskCommand(task)}`,
      `one of ${other ? taskCommand(other) : quoted(command!)} in ${path}`,
    );
  }
  const { version = configuration.version } = program ?? {};
  if (version === configuration.version) return;
  fail(`a run of version ${configuration.version}`, `one of ${version} in ${path}`);
}

/**
 * The manifest of a run that a task can resume. Rejects with an {@linkcode OptionError} on any other folder, and
 * with a {@linkcode TaskError} where the manifest is damaged.
 */
export async function readResumable(task: TaskName, path: string): Promise<Manifest> {
  await checkOrigin(task, path);
  return (await readWholeManifest(path))!;
}

/** Throws a {@linkcode TaskError} where the data is not the data of the run. */
export function checkData(path: string, { data }: Manifest, found: Manifest["data"]): void {
  for (const split of ["train", "test"] as const) {
    const [before, now] = [data[split].sha256, found[split].sha256];
    if (before === now) continue;
    throw new TaskError(
      `data: expected ${data[split].name} of SHA-256 ${before}, as the run in ${path} has it, ` +
        `found ${found[split].name} of ${now}`,
    );
  }
}

// Results depend neither on the number of threads nor on the instructions of products.
const withoutSpeed = (description: string) =>
  description.replace(/, \d+ threads?/, "").replace(/, AVX\S+ products/, "");

/** Who trains in a session. */
type Trainer = Pick<SessionRecord, "device" | "processes">;

const countOf = ({ processes }: Trainer): string =>
  counted(processes?.count ?? 1, "process", "processes");

/** The current session of a run, and the one before it. */
const lastSessions = (
  { resumed = [], ...first }: Manifest,
): readonly [now: Trainer, before?: Trainer] =>
  [first, ...resumed].slice(-2).reverse() as unknown as readonly [Trainer, Trainer?];

/** Warnings about the checkpoint that a run resumes from, a line each. */
export function resumeWarnings({ from, damaged }: Resumed, manifest: Manifest): string[] {
  const [now, before = now] = lastSessions(manifest), device = now.device.description;
  const others = from && countOf(now) !== countOf(before);
  const instead = from ? `${from.path} is used instead` : "the run starts over";
  const moved = from && withoutSpeed(from.device) !== withoutSpeed(device);
  const warnings = [
    ...damaged.map((fault) => `WARNING: ${fault}; ${instead}`),
    ...(moved
      ? [
        `WARNING: this run was on ${from.device} and resumes on ${device}: ` +
        "the last digits of its results will differ",
      ]
      : []),
    ...(others
      ? [
        `WARNING: this run was of ${countOf(before)} and resumes on ${
          now.processes?.count ?? 1
        }: ` +
        "the last digits of its results will differ",
      ]
      : []),
  ];
  // They have texts of files.
  return warnings.map(oneLine);
}

/** Where a run resumes, as a line. */
export function resumedLine({ from }: Resumed): string {
  if (!from) return "no checkpoint yet: the run starts over";
  const { step, epochs, path } = from;
  return `resumed from step ${step} (completed epochs: ${epochs.length}), ${path}`;
}
