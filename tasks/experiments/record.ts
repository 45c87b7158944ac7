/**
 * `experiment.json`: what an experiment is, and how far it has come.
 *
 * @module
 */
import { writeAtomically } from "../../src/train/mod.ts";
import { TaskError } from "../cli/command.ts";
import { OptionError } from "../cli/options.ts";
import type { Paper } from "../report/results.ts";
import type { Measure } from "./description.ts";
import type { Settings } from "../run/settings.ts";
import { readJson } from "../run/read_file.ts";
import type { InitCost } from "../run/manifest.ts";

/** How a run of an experiment stands; `n/c`: it did not converge. */
export type CellStatus = "done" | "n/c" | "failed" | "pending";

/** What a run came to. */
export interface CellOutcome extends Partial<InitCost> {
  readonly status: CellStatus;
  /** The share of test images named rightly after the last epoch, 0 to 1. */
  readonly accuracy?: number;
  /** The loss on the test images after the last epoch. */
  readonly loss?: number;
  /** Whole epochs. */
  readonly epochs?: number;
  readonly seconds?: number | undefined;
  readonly imagesPerSecond?: number;
  /** What went wrong. */
  readonly message?: string | undefined;
}

/** A run of an experiment. */
export interface CellRecord extends CellOutcome {
  readonly row: string;
  readonly column: string;
  readonly seed: number;
  /** Its folder, from the results' folder. */
  readonly run: string;
  /** The command that trains the same by itself. */
  readonly command: string;
  readonly settings: Settings;
}

/** What `experiment.json` holds. */
export interface ExperimentRecord {
  readonly format: 1;
  readonly task: string;
  readonly title: string;
  readonly question: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly measure: Measure;
  readonly seeds: readonly number[];
  readonly paper: Paper | null;
  /** What differs from the paper, a sentence each. */
  readonly scaled: readonly string[];
  readonly command: string;
  readonly version: string;
  readonly device: string;
  readonly dataset: {
    readonly name: string;
    readonly fingerprint: string;
    readonly train: number;
    readonly test: number;
    readonly note: string;
  };
  readonly startedAt: string;
  readonly cells: readonly CellRecord[];
}

const pathOf = (folder: string) => `${folder}/experiment.json`;

/** Reads a folder's `experiment.json`; undefined if there is none. */
export async function readRecord(folder: string): Promise<ExperimentRecord | undefined> {
  const json = await readJson(pathOf(folder));
  if (json === undefined) return undefined;
  if (json.format === 1 && Array.isArray(json.cells)) return json as unknown as ExperimentRecord;
  throw new TaskError(
    `${pathOf(folder)}: expected format 1 with cells, found format ${JSON.stringify(json.format)}`,
  );
}

/** Writes a folder's `experiment.json`. */
export const writeRecord = (folder: string, record: ExperimentRecord): Promise<void> =>
  writeAtomically(pathOf(folder), JSON.stringify(record, null, 1) + "\n");

/** Settings that do not change what is learnt, or that stand elsewhere. */
const APART: ReadonlySet<string> = new Set(["device", "threads", "preset"]);

/** Settings that differ because another one does; that one is named. */
const FOLLOWING: ReadonlySet<string> = new Set(["dropAt", "lsuvBatch"]);

const plain = (value: unknown): string => JSON.stringify(value) ?? "none";

/** The first setting that is not the same, in words. */
function settingThatDiffers(was: Settings, is: Settings): string | undefined {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])] as (keyof Settings)[];
  const differ = names.filter((name) => !APART.has(name) && plain(was[name]) !== plain(is[name]));
  const name = differ.find((name) => !FOLLOWING.has(name)) ?? differ[0];
  return name && `${name} ${plain(was[name])}, found ${plain(is[name])}`;
}

/**
 * Throws an {@linkcode OptionError} unless an experiment that was begun can go on as another would
 * begin. Seeds may be added.
 */
export function checkSame(folder: string, was: ExperimentRecord, is: ExperimentRecord): void {
  const expect = (what: string) => {
    throw new OptionError(
      `--out: ${folder} holds an experiment that was begun with other settings: expected ${what}; ` +
        "go on with the same ones, or name another folder",
    );
  };
  if (was.task !== is.task) expect(`the task ${was.task}, found ${is.task}`);
  if (was.device !== is.device) expect(`the device ${was.device}, found ${is.device}`);
  if (was.dataset.fingerprint !== is.dataset.fingerprint) {
    expect(
      `the data ${was.dataset.name} ${was.dataset.fingerprint.slice(0, 12)}…, ` +
        `found ${is.dataset.name} ${is.dataset.fingerprint.slice(0, 12)}…`,
    );
  }
  for (const before of was.cells) {
    const name = `${before.row}, ${before.column}, seed ${before.seed}`;
    const now = is.cells.find(({ run }) => run === before.run);
    if (!now) {
      expect(`the run ${name}, found none`);
      continue;
    }
    const difference = settingThatDiffers(before.settings, now.settings);
    if (difference) expect(`in ${name} ${difference}`);
  }
}

/** An experiment that goes on: what is new, with what was come to before. */
export function continued(was: ExperimentRecord, is: ExperimentRecord): ExperimentRecord {
  const cells = is.cells.map((cell) => was.cells.find(({ run }) => run === cell.run) ?? cell);
  return { ...is, startedAt: was.startedAt, cells };
}
