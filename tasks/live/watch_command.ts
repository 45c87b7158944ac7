/**
 * `deno task watch`: the live page of a folder that other programs write, on this machine or others.
 *
 * @module
 */
import { type Command, command } from "../cli/command.ts";
import { interruption } from "../cli/interruption.ts";
import { fail } from "../cli/option_table.ts";
import { WATCH } from "../cli/watch_options.ts";
import { isOpen } from "../experiments/outcome.ts";
import { recordPath } from "../experiments/record.ts";
import { RUN_FILES } from "../run/files.ts";
import type { Emit } from "./events.ts";
import { follow, type Follower, GridFollower } from "./follow_grid.ts";
import { RunFollower } from "./follow_run.ts";
import { openLivePage } from "./live_page.ts";

const TABLE = { "watch-port": WATCH["watch-port"] } as const;

const COMMAND: Command<typeof TABLE> = {
  name: "watch",
  table: TABLE,
  page: {
    command: "deno task watch",
    about: "show a run or an experiment on a web page while other programs train it.",
    operands: {
      names: [["FOLDER", "The folder of a run, or of an experiment's results.", "path"]],
      least: 1,
    },
    examples: [
      ["deno task watch runs/repro-table3", "All shards of an experiment:"],
      ["deno task watch --watch-port 0 RUN", "A run, at any port that is free:"],
    ],
    notes: [
      "The page shows what the folder holds, and looks again every two seconds, until Ctrl-C. It writes " +
      "nothing, and needs no program that trains: a folder on a common file system is enough.",
      "Curves of other programs' runs grow by epochs. A program is silent after 45 seconds without a sign of " +
      "life, and taken for gone after 180.",
    ],
  },
};

const exists = (path: string): Promise<boolean> => Deno.stat(path).then(() => true, () => false);

/** What follows a folder. Throws an {@linkcode OptionError} on one of neither kind. */
async function followerOf(folder: string, emit: Emit): Promise<Follower> {
  if (await exists(recordPath(folder))) {
    return new GridFollower(folder, emit, {
      isOver: ({ cells }) => !cells.some(isOpen),
    });
  }
  if (await exists(`${folder}/${RUN_FILES.manifest}`)) return new RunFollower(folder, emit);
  return fail(
    `expected the folder of a run or of an experiment, found ${folder} without ` +
      `${RUN_FILES.manifest} and experiment.json`,
  );
}

/** Resolves when the program is asked to end. */
const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve()));

/** Runs the task; returns the exit code. */
export const watch = (args: readonly string[]): Promise<number> =>
  command(COMMAND, args, async ({ values, operands }) => {
    const [folder] = operands, early: Parameters<Emit>[0][] = [];
    let emit: Emit = (event) => void early.push(event);
    const follower = await followerOf(folder!, (event) => emit(event));
    // Whatever cannot be read is an error before there is a page.
    await follower.look();
    using signal = interruption();
    await using page = await openLivePage({ watch: true, ...values });
    emit = page!.emit;
    for (const event of early) emit(event);
    await using _following = follow(follower);
    await aborted(signal);
  });
