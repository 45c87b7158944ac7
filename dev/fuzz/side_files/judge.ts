/**
 * Whether a task that met a damaged file ended as it should: in one line and with an exit code, or as if
 * nothing was wrong.
 *
 * @module
 */

/** The output of a task that ran in this process. */
interface Output {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a task with its output captured. */
async function captured(task: () => Promise<number>): Promise<Output> {
  const { log, error } = console, out: unknown[] = [], err: unknown[] = [];
  console.log = (line = "") => void out.push(line);
  console.error = (line = "") => void err.push(line);
  try {
    return { code: await task(), out: out.join("\n"), err: err.join("\n") };
  } finally {
    Object.assign(console, { log, error });
  }
}

/** Lines that say something about a task that goes on. */
const isNotice = (line: string): boolean => /^WARNING|^note:|^figures|^no figures/i.test(line);

/** Letters that control a terminal. */
// deno-lint-ignore no-control-regex -- these are what is looked for
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/;

/** What is wrong with the output of a task; undefined where nothing is. */
function faultOf({ code, out, err }: Output): string | undefined {
  if (CONTROL.test(err)) return "control characters in an error";
  if (CONTROL.test(out)) return "control characters in the output";
  if (code === 0) {
    const odd = /\b(undefined|\[object \w+\])/.exec(out);
    return odd ? `exit code 0 with ${odd[0]} in the output` : undefined;
  }
  if (code !== 1 && code !== 2) return `exit code ${code}`;
  const lines = err.split("\n").filter((line) => line !== "" && !isNotice(line));
  if (lines.length !== 1) return `${lines.length} lines of errors: ${err.slice(0, 300)}`;
  if (/\b(TypeError|RangeError|ReferenceError|SyntaxError)\b|^\s+at /.test(err)) return err;
  return /^[\w:]+: .+/.test(lines[0]!) ? undefined : `no sentence: ${lines[0]}`;
}

/** Runs a task; returns what is wrong with how it ended, undefined where nothing is. */
export async function judge(task: () => Promise<number>): Promise<string | undefined> {
  try {
    return faultOf(await captured(task));
  } catch (error) {
    const { name, message, stack = "" } = error as Error;
    return `raw ${name}: ${message}; ${stack.split("\n")[1]?.trim()}`;
  }
}

/** Runs a task that makes what others read. Rejects unless it ends well. */
export async function made(task: () => Promise<number>): Promise<void> {
  const { code, err } = await captured(task);
  if (code !== 0) throw new Error(`expected a folder to damage, found exit code ${code}: ${err}`);
}
