/**
 * A command line of `deno task submit`: its own options, then a task with the task's options.
 *
 * @module
 */
import { OptionError, type Table } from "../cli/option_table.ts";

/** The two parts of a command line. */
export interface CommandLine {
  /** The options of submit. */
  readonly own: readonly string[];
  /** The name of the task; undefined if there is none. */
  readonly task?: string | undefined;
  /** The task's arguments. */
  readonly args: readonly string[];
}

/** Whether an argument takes the next one as its value. */
function takesNext(table: Table, arg: string): boolean {
  const option = table[/^--([^=]+)$/.exec(arg)?.[1] ?? ""];
  return option !== undefined && option.kind !== "flag";
}

/** The number of the first argument that is neither an option of a table nor the value of one. */
function firstWord(table: Table, args: readonly string[]): number {
  let i = 0;
  while (i < args.length && args[i] !== "--" && args[i]!.startsWith("-")) {
    i += takesNext(table, args[i]!) ? 2 : 1;
  }
  return Math.min(i, args.length);
}

/** Flags that may also stand at the end, where people write them. */
const ANYWHERE: ReadonlySet<string> = new Set(["--now"]);

/** Splits a command line at the task's name, before or after which there may be a `--`. */
export function splitCommandLine(table: Table, all: readonly string[]): CommandLine {
  const at = firstWord(table, all), [first, ...rest] = all.slice(at);
  const words = first === "--" ? rest : first === undefined ? [] : [first, ...rest];
  const [task, ...given] = words[0] === "deno" && words[1] === "task" ? words.slice(2) : words;
  if (task?.startsWith("-")) {
    throw new OptionError(`expected the name of a task, found ${task}`);
  }
  const args = given[0] === "--" ? given.slice(1) : given;
  return {
    own: [...all.slice(0, at), ...args.filter((arg) => ANYWHERE.has(arg))],
    task,
    args: args.filter((arg) => !ANYWHERE.has(arg)),
  };
}
