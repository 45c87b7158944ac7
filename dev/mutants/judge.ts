/**
 * Plants a fault in a copy of the project and runs its tests.
 *
 * @module
 */
import { type Fault, plant } from "./fault.ts";
import { runTests, type TestRun } from "./run_tests.ts";

/** What became of a fault. */
export interface Verdict {
  /** A time-out counts as noticed; an error is one of the catalogue or of tests that fail without the fault. */
  readonly outcome: "killed" | "survived" | "time-out" | "error";
  readonly seconds: number;
  /** The test that noticed it, or what is wrong. */
  readonly what: string;
}

/** The seconds that a file of tests may take: some to start, and a multiple of those without a fault. */
const START = 30, MULTIPLE = 6;
/** The limit of tests without a fault. */
const LONGEST = 600;

/** The seconds that a file of tests takes in a copy without a fault. Throws unless it passes. */
export type Baseline = (root: string, tests: string) => Promise<number>;

/** A baseline that runs each file of tests once. */
export function keptBaseline(): Baseline {
  const kept = new Map<string, number>();
  return async (root, tests) => {
    const known = kept.get(tests);
    if (known !== undefined) return known;
    const { ending, seconds, what } = await runTests(root, tests, LONGEST);
    if (ending !== "passed") {
      throw new Error(`expected ${tests} to pass without the fault, found: ${what}`);
    }
    kept.set(tests, seconds);
    return seconds;
  };
}

const OUTCOMES = {
  passed: "survived",
  failed: "killed",
  broken: "error",
  "time-out": "time-out",
} as const;

/** Runs a file of tests with a text in place of another. */
async function runPlanted(
  root: string,
  tests: string,
  limit: number,
  { path, text, planted }: Readonly<Record<"path" | "text" | "planted", string>>,
): Promise<TestRun> {
  await Deno.writeTextFile(path, planted);
  try {
    return await runTests(root, tests, limit);
  } finally {
    await Deno.writeTextFile(path, text);
  }
}

/**
 * What the tests make of the fault: they run in turn until one does not pass, each without the fault before.
 * The copy is as it was before when this returns.
 */
export async function judge(root: string, fault: Fault, baseline: Baseline): Promise<Verdict> {
  const path = `${root}/${fault.file}`, text = await Deno.readTextFile(path);
  let seconds = 0, last: TestRun = { ending: "passed", seconds, what: "" };
  try {
    const planted = plant(text, fault);
    for (const tests of fault.tests) {
      const limit = START + MULTIPLE * await baseline(root, tests);
      last = await runPlanted(root, tests, limit, { path, text, planted });
      seconds += last.seconds;
      if (last.ending !== "passed") break;
    }
  } catch (error) {
    last = { ending: "broken", seconds, what: (error as Error).message };
  }
  return {
    outcome: OUTCOMES[last.ending],
    seconds: Number(seconds.toFixed(1)),
    what: last.what,
  };
}
