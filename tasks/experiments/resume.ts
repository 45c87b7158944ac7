/**
 * Resuming an experiment: whether it is still the same one, and which of its runs are done.
 *
 * @module
 */
import { ownOptions } from "../../src/models/registry.ts";
import { OptionError } from "../cli/option_table.ts";
import type { Settings } from "../run/settings.ts";
import type { StoredCell, StoredRecord } from "./read_record.ts";
import type { CellOutcome } from "./outcome.ts";
import type { CellRecord, ExperimentRecord } from "./record.ts";

/** Settings that do not change results, or that are compared elsewhere. */
const IGNORED: ReadonlySet<string> = new Set(["device", "threads", "preset", "teacher"]);

/** Settings that follow from others, which are named instead. */
const isDerived = (name: string): boolean =>
  ["dropAt", "dropEvery", "lsuvBatch"].includes(name) || name.endsWith("Until");

const show = (value: unknown): string => JSON.stringify(value) ?? "none";

/** Settings with the defaults of the net's own options, which an earlier version may not have had. */
function withOwnDefaults(settings: Partial<Settings>): Partial<Settings> {
  const own = settings.net ? ownOptions(settings.net) : [];
  return {
    ...Object.fromEntries(own.map(([name, option]) => [name, option.default])),
    ...settings,
  };
}

/** The first setting that differs, in words. */
function describeDifference(before: StoredCell, now: CellRecord): string | undefined {
  const was = withOwnDefaults(before.settings ?? {}), is = now.settings;
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])] as (keyof Settings)[];
  const differ = names.filter((name) => !IGNORED.has(name) && show(was[name]) !== show(is[name]));
  const name = differ.find((name) => !isDerived(name)) ?? differ[0];
  return name && `${name} ${show(was[name])}, found ${show(is[name])}`;
}

const describeData = ({ dataset }: Pick<StoredRecord, "dataset">): string =>
  dataset?.name ? `${dataset.name} ${dataset.fingerprint?.slice(0, 12)}…` : "without a name";

/**
 * Throws an {@linkcode OptionError} unless the recorded experiment is the same as the one that would start.
 * Seeds may be added.
 */
export function checkResumable(folder: string, was: StoredRecord, is: ExperimentRecord): void {
  const expect = (what: string) => {
    throw new OptionError(
      `--out: ${folder} holds an experiment that was started with other settings: expected ${what}; ` +
        "resume it with the same ones, or name another folder",
    );
  };
  if (was.task !== is.task) expect(`the task ${was.task}, found ${is.task}`);
  if (was.device !== is.device) expect(`the device ${was.device}, found ${is.device}`);
  if (was.dataset?.fingerprint !== is.dataset.fingerprint) {
    expect(`the data ${describeData(was)}, found ${describeData(is)}`);
  }
  for (const before of was.cells) {
    const name = `${before.row}, ${before.column}, seed ${before.seed}`;
    const now = is.cells.find(({ run }) => run === before.run);
    if (!now) {
      expect(`the run ${name}, found none`);
      continue;
    }
    const difference = describeDifference(before, now);
    if (difference) expect(`in ${name} ${difference}`);
  }
}

/** The outcome of a recorded run. JSON has null for numbers that are not finite. */
function outcomeOf(cell: StoredCell): CellOutcome {
  const { row: _, column: __, seed: ___, run: ____, settings: _____, ...found } = cell;
  const entries = Object.entries(found).map(([name, value]) => [name, value ?? NaN]);
  return Object.fromEntries(entries) as CellOutcome;
}

/** The record of a resumed experiment: the new one with the recorded outcomes. */
export function mergeOutcomes(was: StoredRecord, is: ExperimentRecord): ExperimentRecord {
  const cells = is.cells.map((cell): CellRecord => {
    const before = was.cells.find(({ run }) => run === cell.run);
    return before ? { ...cell, ...outcomeOf(before) } : cell;
  });
  return { ...is, startedAt: was.startedAt ?? is.startedAt, cells };
}
