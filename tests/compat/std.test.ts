import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertExists,
  assertGreater,
  assertGreaterOrEqual,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
  fail,
} from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";
import { ProgressBar } from "@std/cli/unstable-progress-bar";
import { parse, stringify } from "@std/csv";

/** Whether a call throws, told without the functions under test. */
function throws(call: () => unknown): boolean {
  try {
    call();
    return false;
  } catch {
    return true;
  }
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const equalPairs: [unknown, unknown][] = [
  [NaN, NaN],
  [0, -0],
  [{ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }],
  [new Map([["k", [1]]]), new Map([["k", [1]]])],
  [new Set([1, 2]), new Set([2, 1])],
  [Float32Array.of(1, NaN), Float32Array.of(1, NaN)],
  [new Date(5), new Date(5)],
];

const unequalPairs: [unknown, unknown][] = [
  [1, "1"],
  [[1, 2], [1, 2, 3]],
  [{ a: 1 }, { a: 1, b: undefined }],
  [Float32Array.of(1), Float64Array.of(1)],
  [Uint8Array.of(1, 2), Uint8Array.of(1, 3)],
  [new Map([["k", 1]]), new Map([["k", 2]])],
  [null, {}],
];

Deno.test("assertEquals() and assertNotEquals() compare structure", () => {
  for (const [a, b] of equalPairs) {
    expect(!throws(() => assertEquals(a, b)) && throws(() => assertNotEquals(a, b)), `${a} = ${b}`);
  }
  for (const [a, b] of unequalPairs) {
    expect(throws(() => assertEquals(a, b)) && !throws(() => assertNotEquals(a, b)), `${a} ≠ ${b}`);
  }
});

const holding: (() => unknown)[] = [
  () => assert(1),
  () => assertAlmostEquals(1, 1 + 1e-8),
  () => assertAlmostEquals(1, 1.1, 0.2),
  () => assertExists(0),
  () => assertGreater(2, 1),
  () => assertGreaterOrEqual(1, 1),
  () => assertLess(1, 2),
  () => assertLessOrEqual(1, 1),
  () => assertMatch("abc", /b/),
  () => assertStringIncludes("abc", "bc"),
  () => assertThrows(() => fail("why"), Error, "why"),
  () => assertThrows(() => fail()),
];

const broken: (() => unknown)[] = [
  () => assert(0),
  () => assertAlmostEquals(1, 1.001),
  () => assertAlmostEquals(NaN, 1),
  () => assertExists(null),
  () => assertGreater(1, 1),
  () => assertGreaterOrEqual(1, 2),
  () => assertLess(1, 1),
  () => assertLessOrEqual(2, 1),
  () => assertMatch("abc", /d/),
  () => assertStringIncludes("abc", "cb"),
  () => assertThrows(() => 1),
  () => assertThrows(() => fail("why"), TypeError),
  () => assertThrows(() => fail("why"), Error, "how"),
  () => fail(),
];

Deno.test("assertions pass where they hold and throw where they do not", () => {
  for (const call of holding) expect(!throws(call), `${call} threw`);
  for (const call of broken) expect(throws(call), `${call} did not throw`);
});

Deno.test("assertRejects() gives the error, and rejects on a promise that is kept", async () => {
  const error = await assertRejects(() => Promise.reject(new TypeError("why")), TypeError, "why");
  expect(error.message === "why", "expected the error itself");
  await assertRejects(() => assertRejects(() => Promise.resolve(1)), Error, "to reject");
  await assertRejects(() => assertRejects(() => fail()), Error, "when expected to reject");
});

Deno.test("parseArgs() reads flags, values, aliases, defaults and the rest", () => {
  const line = "--data dir --rate=0.1 --no-augment -v --tag a --tag=b --size 8 one -- --two";
  const args = parseArgs(line.split(" "), {
    string: ["data", "tag"],
    boolean: ["augment", "verbose", "quiet"],
    negatable: ["augment"],
    collect: ["tag"],
    alias: { verbose: "v" },
    default: { augment: true, batch: 128 },
  });
  assertEquals({ ...args }, {
    _: ["one", "--two"],
    data: "dir",
    rate: 0.1,
    augment: false,
    v: true,
    verbose: true,
    quiet: false,
    tag: ["a", "b"],
    size: 8,
    batch: 128,
  });
});

Deno.test("parseArgs() stops early, keeps what follows --, and reports what is unknown", () => {
  const early = parseArgs(["-a", "--", "-c"], { "--": true, boolean: ["a"] });
  assertEquals([early.a, early["--"]], [true, ["-c"]]);
  const stopped = parseArgs(["run", "--a"], { stopEarly: true });
  assertEquals({ ...stopped }, { _: ["run", "--a"] });
  const unknown: string[] = [];
  const known = parseArgs(["--good", "--bad=1", "5"], {
    boolean: ["good"],
    unknown: (arg) => {
      unknown.push(arg);
      return false;
    },
  });
  assertEquals({ ...known }, { _: [], good: true });
  assertEquals(unknown, ["--bad=1", "5"]);
});

Deno.test("ProgressBar draws its value and leaves the stream usable", async () => {
  let text = "";
  const decoder = new TextDecoder();
  const writable = new WritableStream<Uint8Array>({
    write: (chunk) => void (text += decoder.decode(chunk)),
  });
  const fmt = (state: { progressBar: string; value: number; max: number }) =>
    `${state.progressBar} ${state.value}/${state.max}`;
  const bar = new ProgressBar({ max: 8, barLength: 4, writable, fmt });
  bar.value = 6;
  await bar.stop();
  assertStringIncludes(text, "---- 0/8");
  assertMatch(text, /###- 6\/8\n$/);
  await writable.close();
});

Deno.test("stringify() and parse() keep commas, quotes and line ends", () => {
  const text = stringify([{ a: 1, b: 'x,"y"' }, { a: null, b: "two\nlines" }], {
    columns: ["a", "b"],
  });
  assertEquals(text, 'a,b\r\n1,"x,""y"""\r\n,"two\nlines"\r\n');
  assertEquals(parse(text), [["a", "b"], ["1", 'x,"y"'], ["", "two\nlines"]]);
  assertEquals(parse(text, { skipFirstRow: true })[1], { a: "", b: "two\nlines" });
  assertThrows(() => parse('a,"b'), SyntaxError);
});
