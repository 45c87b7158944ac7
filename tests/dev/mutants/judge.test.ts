/**
 * Faults planted in a small project: what becomes of them, and that the project stays as it was.
 */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Fault, faultName, faultsIn, plant, roomOf } from "../../../dev/mutants/fault.ts";
import { judge, keptBaseline, type Verdict } from "../../../dev/mutants/judge.ts";
import { renderPage } from "../../../dev/mutants/render.ts";
import { hashFault, heldVerdict } from "../../../dev/mutants/results.ts";
import { judgeOutput } from "../../../dev/mutants/run_tests.ts";
import { complaints, countByRoom, countVerdicts, isEnough } from "../../../dev/mutants/summary.ts";
import { folderOf } from "../../data/fixtures.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const SOURCE = "export const double = (x: number) => 2 * x;\nexport const unused = 3;\n";
const TESTS = `import { double } from "../src/double.ts";
Deno.test("double() of 3 is 6", () => {
  if (double(3) !== 6) throw new Error("expected 6");
});
`;

/** A project of one function and one test. */
const project = () =>
  folderOf({
    "deno.json": bytes(`{ "permissions": { "test": { "read": true } } }`),
    "src/double.ts": bytes(SOURCE),
    "tests/double.test.ts": bytes(TESTS),
  });

const FAULTS = faultsIn("src/double.ts", ["tests/double.test.ts"], [
  ["2 * x", "2 + x", "a sum"],
  ["3", "4", "another number", { survives: "nobody reads it" }],
  ["2 * x", "2 *", "no program"],
  ["5", "6", "text that is not there"],
]);

Deno.test("judge() tells what tests notice, and leaves the project as it was", async () => {
  await using folder = await project();
  const baseline = keptBaseline(), verdicts: Verdict[] = [];
  for (const fault of FAULTS) verdicts.push(await judge(folder.path, fault, baseline));
  assertEquals(verdicts.map(({ outcome }) => outcome), ["killed", "survived", "error", "error"]);
  assertStringIncludes(verdicts[0]!.what, "double() of 3 is 6");
  assertStringIncludes(verdicts[3]!.what, "expected its text once, found it 0 times");
  assertEquals(await Deno.readTextFile(`${folder.path}/src/double.ts`), SOURCE);
});

Deno.test("judge() counts nothing as noticed where the tests fail without the fault", async () => {
  await using folder = await project();
  await Deno.writeTextFile(`${folder.path}/tests/double.test.ts`, `${TESTS}throw new Error();`);
  const { outcome, what } = await judge(folder.path, FAULTS[0]!, keptBaseline());
  assertEquals(outcome, "error");
  assertStringIncludes(what, "expected tests/double.test.ts to pass without the fault");
});

Deno.test("a kept verdict holds until the file or a test changes", async () => {
  await using folder = await project();
  const [fault] = FAULTS as [Fault], hash = await hashFault(folder.path, fault);
  const kept = { [faultName(fault)]: { hash, outcome: "killed", seconds: 1, what: "" } } as const;
  const held = async () => (await heldVerdict(folder.path, fault, kept))?.outcome;
  assertEquals(await held(), "killed");
  await Deno.writeTextFile(`${folder.path}/tests/double.test.ts`, `${TESTS}\n`);
  assertEquals(await held(), undefined);
  await Deno.writeTextFile(`${folder.path}/tests/double.test.ts`, TESTS);
  assertEquals(await held(), "killed");
  await Deno.writeTextFile(`${folder.path}/src/double.ts`, `${SOURCE}\n`);
  assertEquals(await held(), undefined);
});

Deno.test("judgeOutput() tells a failed test from a module that is no program", () => {
  assertEquals(judgeOutput(true, ""), { ending: "passed", what: "" });
  const crashed = "ok | 30 passed (2 steps) | 0 failed (1s)\n\nmalloc(): corrupted";
  assertEquals(judgeOutput(false, crashed).ending, "passed");
  assertEquals(judgeOutput(false, "one ... ok (1ms)\ntwo ... FAILED (3ms)\n").what, "two");
  const thrown =
    " FAILURES \n\n./a.test.ts (uncaught error)\n\nFAILED | 0 passed | 1 failed (0ms)\n";
  assertEquals(judgeOutput(false, thrown).ending, "failed");
  assertEquals(judgeOutput(false, `${thrown}ReferenceError: x is not defined`).ending, "broken");
  assertEquals(judgeOutput(false, "error: expected a brace").ending, "broken");
});

Deno.test("plant() takes the replacement as it is, and the text once only", () => {
  const fault: Fault = { ...FAULTS[0]!, find: "a", replace: "$&$1" };
  assertEquals(plant("bab", fault), "b$&$1b");
  assertThrows(() => plant("aa", fault), RangeError, "expected its text once, found it 2 times");
});

Deno.test("roomOf() is the folder whose tests are a file's own", () => {
  const rooms = ["src/data/loader/a.ts", "tests/data/a.test.ts", "tasks/run/a.ts", "src/grad.ts"];
  assertEquals(rooms.map(roomOf), ["data", "data", "tasks/run", "."]);
});

Deno.test("equivalent faults are not counted; survivors, errors and the share decide", () => {
  const judged = (outcome: Verdict["outcome"], more: Partial<Fault> = {}, count = 1) =>
    Array.from({ length: count }, (_, i) => ({
      fault: { ...FAULTS[0]!, means: `fault ${i}`, ...more },
      verdict: { outcome, seconds: 1, what: "why" },
    }));
  const same = judged("survived", { equivalent: "x is 0" });
  const most = [...judged("killed", {}, 96), ...judged("time-out"), ...same];
  const survivor = judged("survived", { means: "slips", survives: "too rare" });
  assertEquals(countVerdicts([...most, ...survivor]), {
    planted: 98,
    noticed: 97,
    survived: 1,
    errors: 0,
    equivalent: 1,
  });
  assertEquals(isEnough(countVerdicts([...most, ...survivor])), true);
  assertEquals(isEnough(countVerdicts([...most, ...survivor, ...survivor, ...survivor])), true);
  const fewer = Array.from({ length: 4 }, () => survivor).flat();
  assertEquals(isEnough(countVerdicts([...most, ...fewer])), false);
  assertEquals(isEnough(countVerdicts([...most, ...judged("error")])), false);
  assertEquals(complaints([...most, ...survivor]), [
    "survived  src/double.ts: slips (too rare)",
  ]);
  const other = judged("killed", { file: "tasks/run/lock.ts" });
  assertEquals(countByRoom([...survivor, ...other]).map(([room]) => room), [".", "tasks/run"]);
  const page = renderPage([...most, ...survivor]);
  assertStringIncludes(page, "| all | 98 | 97 | 1 | 0 | 99.0 % | 1 |");
  assertStringIncludes(page, "- src/double.ts: slips. too rare");
  assertStringIncludes(page, "Not counted: x is 0");
});
