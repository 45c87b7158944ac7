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

/** Runs the files of tests in turn until one does not pass. */
async function firstNotice(
  root: string,
  tests: readonly string[],
  limits: readonly number[],
): Promise<TestRun> {
  let seconds = 0, last: TestRun | undefined;
  for (const [i, file] of tests.entries()) {
    last = await runTests(root, file, limits[i]!);
    seconds += last.seconds;
    if (last.ending !== "passed") break;
  }
  return { ending: "passed", what: "", ...last, seconds };
}

const OUTCOMES = {
  passed: "survived",
  failed: "killed",
  broken: "error",
  "time-out": "time-out",
} as const;

/** What the tests make of the fault; the copy is as it was before when this returns. */
export async function judge(root: string, fault: Fault, baseline: Baseline): Promise<Verdict> {
  const path = `${root}/${fault.file}`, text = await Deno.readTextFile(path);
  try {
    const planted = plant(text, fault), limits: number[] = [];
    for (const file of fault.tests) limits.push(START + MULTIPLE * await baseline(root, file));
    await Deno.writeTextFile(path, planted);
    const { ending, seconds, what } = await firstNotice(root, fault.tests, limits);
    return { outcome: OUTCOMES[ending], seconds: Number(seconds.toFixed(1)), what };
  } catch (error) {
    return { outcome: "error", seconds: 0, what: (error as Error).message };
  } finally {
    await Deno.writeTextFile(path, text);
  }
}
