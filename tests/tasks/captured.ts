/**
 * The output of a task that runs in this process, captured.
 *
 * @module
 */

/** Runs a task; its exit code, and what it wrote to stdout and stderr. */
export async function captured(task: () => Promise<number>) {
  const { log, error } = console, out: unknown[] = [], err: unknown[] = [];
  console.log = (line = "") => void out.push(line);
  console.error = (line = "") => void err.push(line);
  try {
    const code = await task();
    return { code, out: out.join("\n"), err: err.join("\n") };
  } finally {
    Object.assign(console, { log, error });
  }
}
