/**
 * Specifications of small runs.
 *
 * @module
 */
import { assert } from "@std/assert";
import { loadData } from "../../../tasks/datasets/load_data.ts";
import { parseOptions } from "../../../tasks/cli/parse_options.ts";
import { trainTable } from "../../../tasks/training/options/mod.ts";
import type { TrainingSpec } from "../../../tasks/training/session.ts";
import { resolveSettings } from "../../../tasks/training/settings.ts";

/** A small run of `train:mnist` in a folder, from its options. */
export async function specOf(path: string, line: string): Promise<TrainingSpec> {
  const parsed = parseOptions(trainTable("mnist"), line.split(" "));
  assert(parsed !== "help");
  const settings = resolveSettings("mnist", parsed, "quick");
  const reporter = { say: () => {}, show: () => ({ at: () => {}, stop: async () => {} }) };
  return {
    task: "mnist",
    settings,
    data: await loadData({ ...settings, task: "mnist", orProcedural: false }, {
      reporter,
    }),
    command: ["deno", "task", "train:mnist"],
    claimFolder: () => Promise.resolve({ path, [Symbol.dispose]: () => {} }),
    checkpointEvery: 0,
    signal: new AbortController().signal,
  };
}
