/**
 * Giving a script to a scheduler.
 *
 * @module
 */
import { writeAtomically } from "../../src/train/mod.ts";
import { TaskError } from "../cli/command.ts";
import { NO_LOADER } from "../cli/loader_variables.ts";
import type { Dialect } from "./dialects/mod.ts";

/** Writes a script beside what its jobs will print, and submits it; returns what the scheduler says. */
export async function sendScript(
  { submit: [command, ...args], title }: Dialect,
  script: string,
  folder: string,
): Promise<string> {
  const file = `${folder}/job.sh`, name = command!;
  await writeAtomically(file, script);
  const child = start(name, args, title);
  const writer = child.stdin.getWriter();
  // A scheduler that refuses may close its input before it has read all of it.
  await writer.write(new TextEncoder().encode(script)).then(() => writer.close(), () => {});
  const { success, stdout, stderr } = await child.output();
  const [said, complained] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes).trim()
  );
  if (success) return said!;
  const why = complained || said || "nothing";
  throw new TaskError(`${name}: expected it to take ${file}, found: ${why.replaceAll("\n", " ")}`);
}

function start(command: string, args: readonly string[], title: string): Deno.ChildProcess {
  try {
    const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    return new Deno.Command(command, { args: [...args], env: NO_LOADER, ...pipes }).spawn();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new TaskError(
      `--now: expected ${title}'s ${command} on this machine, found none; without --now the script is printed`,
      { cause },
    );
  }
}
