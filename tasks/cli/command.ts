/**
 * What the commands of all tasks share: help, options, errors, exit codes.
 *
 * @module
 */
import { DataError } from "../../src/data/mod.ts";
import { DeviceError } from "../../src/device/device_error.ts";
import { MemoryError } from "../../src/device/memory_error.ts";
import type { OpenOptions } from "../../src/device/open.ts";
import { open, type Runtime } from "../../src/runtime/mod.ts";
import { CheckpointError, SafetensorsError } from "../../src/train/mod.ts";
import { isSystemError, oneLine } from "./file_fault.ts";
import { formatHelp, type Page } from "./help.ts";
import { memoryLimit } from "./memory_limit.ts";
import { missingPermission } from "./permissions.ts";
import { quietDriver } from "./quiet_driver.ts";
import { tilesFile } from "./tiles_file.ts";
import { OptionError, type Table } from "./option_table.ts";
import { type Parsed, parseOptions } from "./parse_options.ts";
import { TaskError } from "./task_error.ts";

export { TaskError };

/** Exit codes: done, something failed, a wrong command line, ended by Ctrl-C. */
export const EXIT = { done: 0, failed: 1, usage: 2, stopped: 130 } as const;

/** Opens a device. Throws a {@linkcode TaskError} where that is not possible. */
export async function openDevice(options: OpenOptions): Promise<Runtime> {
  quietDriver();
  const memory = memoryLimit();
  try {
    return await open({ tiles: tilesFile(), memory, ...options });
  } catch (cause) {
    throw new TaskError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Errors that a user can fix. */
const USER_ERRORS = [
  OptionError,
  DataError,
  TaskError,
  DeviceError,
  MemoryError,
  SafetensorsError,
  CheckpointError,
];

/**
 * The exit code for an error that a user can fix, or one of the system such as a missing permission; undefined for
 * any other.
 */
export function exitCodeOf(error: unknown): number | undefined {
  if (error instanceof OptionError) return EXIT.usage;
  const isKnown = isSystemError(error) || USER_ERRORS.some((kind) => error instanceof kind);
  return isKnown ? EXIT.failed : undefined;
}

/** Prints an error after a name, in one line if a user can fix it; returns the exit code. */
export function printError(name: string, error: unknown): number {
  const code = exitCodeOf(error);
  if (code === undefined) console.error(`${name}:`, error);
  else console.error(`${name}: ${oneLine(missingPermission(error) ?? (error as Error).message)}`);
  return code ?? EXIT.failed;
}

/**
 * Runs the work of a command; returns the exit code. An error that a user can fix, or one of the system such as a
 * permission that is missing, is printed as one line that begins with the command's name.
 */
export async function reportErrors(name: string, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (exitCodeOf(error) === undefined) throw error;
    return printError(name, error);
  }
}

/** A command: its name, its help, its options. */
export interface Command<T extends Table> {
  /** As in `deno task NAME`. */
  readonly name: string;
  readonly page: Page;
  readonly table: T;
}

/**
 * Reads a command line, and prints the help that it asks for or does the work; the exit code, which is the
 * work's where it returns one.
 */
export const command = <T extends Table>(
  { name, page, table }: Command<T>,
  args: readonly string[],
  work: (parsed: Parsed<T>) => Promise<number | void>,
): Promise<number> =>
  reportErrors(name, async () => {
    const parsed = parseOptions(table, args, page.operands);
    if (parsed !== "help") return await work(parsed) ?? EXIT.done;
    console.log(formatHelp(page, table).trimEnd());
    return EXIT.done;
  });
