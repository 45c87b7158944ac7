/**
 * The program of Deno, to start it again.
 *
 * @module
 */

/** Whether a program may be started without asking the user. */
const mayRun = (command: string): boolean =>
  Deno.permissions.querySync({ name: "run", command }).state === "granted";

/**
 * The program to start: the one that runs, or where only the name is permitted, what the system finds under it,
 * which differs where npm installed Deno.
 */
export function denoProgram(): string {
  const own = Deno.execPath();
  return mayRun(own) ? own : "deno";
}

/** Whether Deno may be started from here. */
export const mayRunDeno = (): boolean => mayRun(denoProgram());

/**
 * The command that runs a program of this project with a permission set of `deno.json`.
 *
 * @param set Its name under `permissions`.
 * @param args Options of `deno run`, the program's path and its arguments.
 */
export const denoRun = (set: string, ...args: readonly string[]): readonly string[] => [
  denoProgram(),
  "run",
  `-P=${set}`,
  "--no-prompt",
  "--quiet",
  "--no-check",
  ...args,
];
