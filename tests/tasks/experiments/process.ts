/**
 * Experiments as processes of their own.
 *
 * @module
 */
import type { Description } from "../../../tasks/experiments/description.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;

/** A program of the repository with arguments; nothing can be downloaded. */
export const program = (path: string, args: readonly string[]): Deno.Command =>
  new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `${ROOT}${path}`, ...args],
    env: {
      GOODINIT_DATA: "",
      GOODINIT_CACHE: "/dev/null",
      GOODINIT_MIRRORS: "none",
      NO_COLOR: "1",
    },
    stdout: "piped",
    stderr: "piped",
  });

/** What a program came to. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. */
export async function ended(command: Deno.Command): Promise<Ended> {
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** The small experiment with changes, on procedural images. */
export const smallProgram = (changes: Partial<Description>, ...args: string[]): Deno.Command =>
  program("tests/tasks/experiments/small.ts", [
    JSON.stringify(changes),
    "--procedural",
    "--device",
    "cpu",
    "--threads",
    "1",
    ...args,
  ]);
