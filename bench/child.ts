/**
 * Measuring in a process of its own.
 *
 * @module
 */
import { programFromCaller, TaskError } from "../tasks/cli/mod.ts";

/** A line of JSON that a program printed. */
export type ChildRow = Readonly<Record<string, unknown>>;

/** What a program is called in an error: its name and its last words. */
const shortly = (command: readonly string[]): string =>
  command.map((word) => word.split("/").at(-1)).filter((word) => !word?.startsWith("-")).join(" ");

/** Why a program failed: the last line that it wrote which is no place in code. */
const reasonOf = (stderr: string): string =>
  stderr.split("\n").map((line) => line.trim()).filter((line) =>
    /^[^ ]*(?:Error|error)\b/.test(line)
  )
    .at(-1) ?? stderr.trim().split("\n").at(-1) ?? "";

/** A command that is put before those that are measured, such as `taskset -c 0,1`, as words. */
export function wordsOf(prefix = ""): readonly string[] {
  const [program, ...rest] = prefix.split(" ").filter((word) => word !== "");
  return program === undefined ? [] : [programFromCaller(program), ...rest];
}

/** Runs a program and parses the lines of JSON that it prints. Rejects with a {@linkcode TaskError}. */
export async function childRows(
  [name = "", ...args]: readonly string[],
  env: Record<string, string> = {},
): Promise<ChildRow[]> {
  const { code, stdout, stderr } = await new Deno.Command(name, { args, env }).output();
  const decoder = new TextDecoder();
  if (code !== 0) {
    const reason = reasonOf(decoder.decode(stderr));
    throw new TaskError(`${shortly([name, ...args])} ended with ${code}: ${reason}`);
  }
  const lines = decoder.decode(stdout).split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line));
}
