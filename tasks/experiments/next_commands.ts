/**
 * The commands that come next after an experiment.
 *
 * @module
 */
import { commandText, quoted } from "../cli/quoted.ts";
import { type Experiment, experimentCommandLine } from "./experiment.ts";
import { isOpen } from "./outcome.ts";
import type { ExperimentRecord } from "./record.ts";

/** The seeds that are suggested where there is one. */
const SEEDS = ["--seeds", "0,1,2"];

/** Arguments without those of `--seeds`. */
const withoutSeeds = (args: readonly string[]): readonly string[] =>
  args.filter((arg, i) => !/^--seeds(=|$)/.test(arg) && args[i - 1] !== "--seeds");

/**
 * The commands that come next: the same one again where runs are missing; the report; and where all runs have
 * one seed, more of them in the same folder.
 */
export function nextCommands(
  experiment: Experiment,
  args: readonly string[],
  { folder, record: { cells, seeds } }: {
    readonly folder: string;
    readonly record: ExperimentRecord;
  },
): string {
  const command = experimentCommandLine(experiment), missing = cells.some(isOpen);
  const again = (given: readonly string[]) => `${command} ${commandText(given)}`.trim();
  const commands = [
    ...(missing ? [again(args)] : []),
    `deno task report ${quoted(folder)}`,
    ...(missing || seeds.length > 1 ? [] : [again([...withoutSeeds(args), ...SEEDS])]),
  ];
  return ["next:", ...commands.map((line) => `  ${line}`)].join("\n");
}
