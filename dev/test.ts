/**
 * `deno task test`: runs the tests and prints `N passed, N failed` as the last line. Arguments are passed
 * to `deno test`.
 *
 * @module
 */
import { EXIT, reportErrors } from "../tasks/cli/command.ts";
import { denoProgram } from "../tasks/cli/deno_program.ts";
import { formatHelp, type Page } from "../tasks/cli/help.ts";
import { isThere } from "./is_there.ts";
import { whyNoWebGpu } from "../src/device/webgpu/adapter.ts";
import { fromCaller } from "../tasks/cli/caller.ts";
import { quietDriver } from "../tasks/cli/quiet_driver.ts";

/** How many tests of a run passed and failed. */
export interface Totals {
  /** Tests that passed. */
  readonly passed: number;
  /** Tests that failed. */
  readonly failed: number;
}

const SUMMARY = /^(?:ok|FAILED) \| (\d+) passed[^|]*\| (\d+) failed/gm;
// deno-lint-ignore no-control-regex -- terminals' color codes start with this character.
const COLORS = /\x1b\[[0-9;]*m/g;

/**
 * The totals of the output of `deno test`. A run that failed without a failed test, such as one that does
 * not type-check, counts as one failure, and so does a run without tests.
 */
export function parseTotals(output: string, success: boolean): Totals {
  const runs = [...output.replace(COLORS, "").matchAll(SUMMARY)];
  const sum = (group: number) => runs.reduce((total, run) => total + Number(run[group]), 0);
  const passed = sum(1), failed = sum(2);
  const sound = success && passed + failed > 0;
  return { passed, failed: sound ? failed : Math.max(failed, 1) };
}

/** The last line of a test run. */
export const totalsLine = ({ passed, failed }: Totals): string =>
  `${passed} passed, ${failed} failed`;

/** Whether an option says what tests are permitted. */
const isPermission = (arg: string): boolean => /^(-[AP]|--(allow|deny|permission-set))/.test(arg);

/** The permissions of tests: those of `deno.json` unless the arguments say others. */
const permissions = (args: readonly string[]): readonly string[] =>
  args.some(isPermission) ? [] : ["-P=test", "--no-prompt"];

/** Runs `deno test` with these arguments, passing its output through. */
async function runTests(args: string[]): Promise<Totals> {
  const command = new Deno.Command(denoProgram(), {
    args: ["test", ...permissions(args), ...args],
    stdout: "piped",
    stderr: "inherit",
  });
  const child = command.spawn(), decoder = new TextDecoder();
  let output = "";
  for await (const chunk of child.stdout) {
    output += decoder.decode(chunk, { stream: true });
    for (let at = 0; at < chunk.length;) at += await Deno.stdout.write(chunk.subarray(at));
  }
  return parseTotals(output, (await child.status).success);
}

/** Arguments for `deno test`; those that are files or folders relative to the caller are resolved. */
const resolveArguments = (args: readonly string[]): string[] =>
  args.map((arg) => !arg.startsWith("-") && isThere(fromCaller(arg)) ? fromCaller(arg) : arg);

const PAGE: Page = {
  command: "deno task test",
  about: 'run the tests and the documentation\'s examples; the last line is "N passed, N failed".',
  operands: {
    names: [["ARGUMENT", "A file or folder of tests, or an option of deno test."]],
    least: 0,
    repeats: true,
  },
  examples: [
    ["deno task test", "All of them, some minutes:"],
    ["deno task test tests/ops tests/grad.test.ts", "Those in a folder and in a file:"],
    ['deno task test --filter "lsuv" tests/init', "Those whose name contains a text:"],
  ],
  notes: [
    "Options are those of deno test, such as --filter, --fail-fast and --parallel; deno test --help " +
    "lists them. Tests have the permissions of the set test in deno.json, unless -A or others are given.",
    "No test needs a network or a data set. Some also read real data, where the environment variable " +
    "GOODINIT_DATA names a folder that has it. Tests of the WebGPU device are skipped where there is no " +
    "adapter, and a line says so: sh setup.sh --webgpu installs one.",
    "Exit codes: 0 all passed, 1 some failed or could not run.",
  ],
};

/** Whether the arguments ask for this task's help. */
const asksForHelp = (args: readonly string[]): boolean =>
  args.some((arg) => arg === "--help" || arg === "-h");

async function work(given: readonly string[]): Promise<number> {
  quietDriver();
  const args = resolveArguments(given);
  // Tests run in the project's folder.
  Deno.env.delete("INIT_CWD");
  const totals = await runTests(args);
  const why = await whyNoWebGpu();
  if (why !== undefined) console.log(`test: the WebGPU tests were skipped. ${why}`);
  console.log(totalsLine(totals));
  return totals.failed > 0 ? EXIT.failed : EXIT.done;
}

if (import.meta.main) {
  if (asksForHelp(Deno.args)) console.log(formatHelp(PAGE, {}).trimEnd());
  else Deno.exit(await reportErrors("test", () => work(Deno.args)));
}
