/**
 * Measuring in a child process.
 *
 * @module
 */
import { NO_LOADER, programFromCaller, TaskError } from "../tasks/cli/mod.ts";

/** A line of JSON that a program printed. */
export type ChildRow = Readonly<Record<string, unknown>>;

/** The name of a command in errors: its program and arguments without paths and options. */
const shortName = (command: readonly string[]): string =>
  command.map((word) => word.split("/").at(-1)).filter((word) => !word?.startsWith("-")).join(" ");

/** Why a program failed: the last line of its stderr that is an error, else the last line. */
const findReason = (stderr: string): string =>
  stderr.split("\n").map((line) => line.trim()).filter((line) =>
    /^[^ ]*(?:Error|error)\b/.test(line)
  )
    .at(-1) ?? stderr.trim().split("\n").at(-1) ?? "";

/** The words of a command that is prefixed to those that are measured, such as `taskset -c 0,1`. */
export function splitPrefix(prefix = ""): readonly string[] {
  const [program, ...rest] = prefix.split(" ").filter((word) => word !== "");
  return program === undefined ? [] : [programFromCaller(program), ...rest];
}

/** Runs a program and parses the lines of JSON that it prints. Rejects with a {@linkcode TaskError}. */
export async function childRows(
  [name = "", ...args]: readonly string[],
  env: Record<string, string> = {},
): Promise<ChildRow[]> {
  const { code, stdout, stderr } = await new Deno.Command(name, {
    args,
    env: { ...NO_LOADER, ...env },
  }).output();
  const decoder = new TextDecoder();
  if (code !== 0) {
    const reason = findReason(decoder.decode(stderr));
    throw new TaskError(`${shortName([name, ...args])} ended with ${code}: ${reason}`);
  }
  const lines = decoder.decode(stdout).split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line));
}
