/**
 * Runs one file of tests in a copy of the project, at low priority and with a time limit.
 *
 * @module
 */

/** How a file of tests ended. */
export type Ending = "passed" | "failed" | "broken" | "time-out";

/** How a file of tests ended, and after how many seconds. */
export interface TestRun {
  readonly ending: Ending;
  readonly seconds: number;
  /** The first test that failed, or the last lines of what was printed. */
  readonly what: string;
}

const FAILED = /^(.+) \.\.\. FAILED(?: \(.*\))?$/m, UNCAUGHT = /^(\S+ \(uncaught error\))/m;
/** What a fault that is no program says, or one that misspells a name. */
const NO_PROGRAM = /source code could not be parsed|ReferenceError: |Module not found/;

/** The summary of a run in which every test passed. */
const ALL_PASSED = /^ok \| \d+ passed.* \| 0 failed/m;

/**
 * What a finished run of `deno test` says. A module that is no program is broken: it tests nothing. Graphics
 * drivers may crash when a process ends, after all tests have passed.
 */
export function judgeOutput(success: boolean, output: string): Pick<TestRun, "ending" | "what"> {
  if (success || ALL_PASSED.test(output)) return { ending: "passed", what: "" };
  const name = (FAILED.exec(output) ?? UNCAUGHT.exec(output))?.[1];
  if (name !== undefined && !NO_PROGRAM.test(output)) {
    return { ending: "failed", what: name.trim() };
  }
  return { ending: "broken", what: output.trim().split("\n").slice(-12).join("\n") };
}

/** Kills a process and all that it started. */
function killGroup(pid: number): void {
  try {
    Deno.kill(-pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}

/** Runs a file of tests until the first fails, at most `limit` seconds. */
export async function runTests(root: string, file: string, limit: number): Promise<TestRun> {
  const started = performance.now();
  const child = new Deno.Command("nice", {
    args: [
      "-n",
      "10",
      Deno.execPath(),
      "test",
      "-P=test",
      "--no-prompt",
      "--no-check",
      "--fail-fast",
      file,
    ],
    cwd: root,
    // The copy is the folder that its tasks are called in, not that of this task.
    env: { NO_COLOR: "1", INIT_CWD: root },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    killGroup(child.pid);
  }, limit * 1000);
  const { success, signal, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const seconds = (performance.now() - started) / 1000;
  if (late) return { ending: "time-out", seconds, what: `no end within ${limit.toFixed(0)} s` };
  const output = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
  const said = judgeOutput(success, output);
  // Machine code that is wrong may end the whole process.
  if (said.ending === "broken" && signal) return { ending: "failed", seconds, what: signal };
  return { ...said, seconds };
}
