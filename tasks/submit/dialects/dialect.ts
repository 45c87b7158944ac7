/**
 * What differs between schedulers: the lines at the head of a script, variables, and how a job is run again.
 *
 * @module
 */
import { OptionError } from "../../cli/option_table.ts";
import type { Job } from "../job.ts";

/** A scheduler. */
export interface Dialect {
  /** Its name in words. */
  readonly title: string;
  /** The command that submits a script, which it reads from its input. */
  readonly submit: readonly string[];
  /** The lines that ask for what a job needs. */
  readonly head: (job: Job) => readonly string[];
  /** The variable of a job's number in its array. */
  readonly index: string;
  /** Whether the script itself must look at the clock, as the scheduler gives no notice. */
  readonly alarm?: boolean;
  /** The lines that run a job again which was asked to end before its time was up. */
  readonly again: (job: Job) => readonly string[];
}

/** `h:mm:ss`, with minutes and hours of two digits at least. */
export function clockTime(seconds: number): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  return `${two(seconds / 3600)}:${two(seconds / 60 % 60)}:${two(seconds % 60)}`;
}

/**
 * The lines of what is asked for by options, in a scheduler's words. Throws an {@linkcode OptionError} on what
 * it has no words for.
 */
export function askedLines(
  title: string,
  { asked }: Job,
  words: Readonly<Record<string, (value: string) => string>>,
): readonly string[] {
  return Object.entries(asked).map(([name, value]) => {
    const line = words[name];
    if (line) return line(value);
    throw new OptionError(
      `--${name}: expected none, since it is an option of other schedulers than ${title}, found ` +
        `${value}; --also takes options in the scheduler's own words`,
    );
  });
}

/** Throws an {@linkcode OptionError} on a folder that a scheduler's own lines cannot name. */
export function checkPlain(title: string, { logs }: Job): void {
  if (/^[\w./@+=,-]+$/.test(logs)) return;
  throw new OptionError(
    `--logs: expected a folder without spaces and special characters for ${title}, found ${logs}`,
  );
}
