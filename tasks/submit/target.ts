/**
 * The task that is to be submitted: its program, and which of them can be.
 *
 * @module
 */
import configuration from "../../deno.json" with { type: "json" };
import { closestString } from "../../src/closest_string.ts";
import { OptionError } from "../cli/option_table.ts";
import { quoted } from "../cli/quoted.ts";
import { EXPERIMENTS } from "../experiments/catalogue/mod.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { TaskName } from "../run/settings.ts";

/** A task that can be submitted. */
export interface Target {
  /** Its name, such as `repro:table3`. */
  readonly name: string;
  /** The words that start its program, without its arguments, as a shell reads them. */
  readonly command: string;
  /** All of its arguments. */
  readonly args: readonly string[];
  /** The arguments without the name of an experiment. */
  readonly options: readonly string[];
  /** What it trains: an experiment, or a run by a recipe. */
  readonly trains: Experiment | TaskName;
}

/** The programs of tasks that can be submitted. */
const PROGRAMS: Readonly<Record<string, TaskName | "experiment">> = {
  "tasks/experiment.ts": "experiment",
  "tasks/train_mnist.ts": "mnist",
  "tasks/train_cifar.ts": "cifar",
  "tasks/train.ts": "pictures",
};

const TASKS = configuration.tasks as Readonly<Record<string, { readonly command: string }>>;

/** A task's command in two parts: what starts its program, and the arguments that follow. */
function splitCommand(name: string) {
  const words = TASKS[name]!.command.split(" ");
  const at = words.findIndex((word) => word in PROGRAMS);
  return at < 0 ? undefined : {
    kind: PROGRAMS[words[at]!]!,
    start: words.slice(0, at + 1),
    rest: words.slice(at + 1),
  };
}

const EXPERIMENT_NAMES = EXPERIMENTS.map(({ name }) => name);

/** The names of all tasks that can be submitted, and of experiments without a task of their own. */
export const TARGET_NAMES: readonly string[] = [
  ...new Set([...Object.keys(TASKS).filter(splitCommand), ...EXPERIMENT_NAMES]),
];

function unknownTask(found: string | undefined): never {
  const near = found === undefined ? undefined : closestString(found, TARGET_NAMES);
  const why = found !== undefined && found in TASKS ? ", which is no training" : "";
  throw new OptionError(
    `expected one of the tasks ${TARGET_NAMES.join(", ")}, found ${found ?? "none"}${why}` +
      (near && !why ? `; did you mean ${near}?` : ""),
  );
}

function experimentNamed(name: string | undefined): Experiment {
  const found = EXPERIMENTS.find((each) => each.name === name);
  if (found) return found;
  throw new OptionError(
    `expected an experiment, one of ${EXPERIMENT_NAMES.join(", ")}, found ${name ?? "none"}`,
  );
}

/** The task of a name with arguments. Throws an {@linkcode OptionError} on one that cannot be submitted. */
export function findTarget(name: string | undefined, given: readonly string[]): Target {
  if (name !== undefined && !(name in TASKS) && EXPERIMENT_NAMES.includes(name)) {
    return findTarget("experiment", [name, ...given]);
  }
  const split = name !== undefined && name in TASKS ? splitCommand(name) : undefined;
  if (!split) return unknownTask(name);
  const { kind, start: [deno, ...start], rest } = split, args = [...rest, ...given];
  // A node may have another PATH; the program that runs now is on the same file system as the project.
  const command = [deno === "deno" ? quoted(Deno.execPath()) : deno!, ...start].join(" ");
  const base = { name: name!, command, args };
  if (kind !== "experiment") return { ...base, options: args, trains: kind };
  return { ...base, options: args.slice(1), trains: experimentNamed(args[0]) };
}
