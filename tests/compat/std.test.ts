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
import { ProgressBar, type ProgressBarFormatter } from "@std/cli/unstable-progress-bar";
import { parse, stringify } from "@std/csv";

/** `true` if two types are one. */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;

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
  [/a/g, /a/g],
  [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
];

const unequalPairs: [unknown, unknown][] = [
  [1, "1"],
  [[1, 2], [1, 2, 3]],
  [{ a: 1 }, { a: 1, b: undefined }],
  [Float32Array.of(1), Float64Array.of(1)],
  [Uint8Array.of(1, 2), Uint8Array.of(1, 3)],
  [new Map([["k", 1]]), new Map([["k", 2]])],
  [null, {}],
  [/a/g, /a/],
  [new Blob(["a"]), new Blob(["ab"])],
];

Deno.test("assertEquals() and assertNotEquals() compare structure", () => {
  for (const [a, b] of equalPairs) {
    expect(
      !throws(() => assertEquals(a, b)) && throws(() => assertNotEquals(a, b)),
      `${Deno.inspect(a)} = ${Deno.inspect(b)}`,
    );
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

Deno.test("assertRejects() returns the error, and rejects if the promise is fulfilled", async () => {
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

Deno.test("parseArgs() stops early, keeps the arguments after --, and reports unknown ones", () => {
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
  const formatter = (state: ProgressBarFormatter) =>
    `${state.styledTime} ${state.progressBar} ${state.value}/${state.max} ${state.previousValue}`;
  const bar = new ProgressBar({ max: 8, barLength: 4, writable, formatter });
  bar.value = 6;
  await bar.stop();
  assertStringIncludes(text, "00:00 ---- 0/8 0");
  assertMatch(text, /###- 6\/8 0\n$/);
  await writable.close();
});

Deno.test("ProgressBar shows bytes, and redraws at the given interval", async () => {
  let text = "", draws = 0, shown = () => {};
  const decoder = new TextDecoder(), twice = new Promise<void>((resolve) => shown = resolve);
  const writable = new WritableStream<Uint8Array>({
    write: (chunk) => {
      text += decoder.decode(chunk);
      if (++draws === 3) shown();
    },
  });
  const max = 3 * 1024 ** 2, options = { max, value: max / 2, barLength: 4, writable };
  const bar = new ProgressBar({ ...options, refreshMilliseconds: 5, keepOpen: false, clear: true });
  await twice;
  await bar.stop();
  const line = "\r\u001b[K[00:00] [##--] [1.50/3.00 MiB]";
  assert(text.startsWith(line.repeat(3)) && text.endsWith("\r\u001b[K"), text);
});

Deno.test("parseArgs() types flags by the options that name them, and others as unknown", () => {
  const args = parseArgs(["--data", "x", "--tag", "1", "--extra"], {
    string: ["data", "tag"],
    boolean: ["quiet"],
    collect: ["tag"],
    negatable: ["quiet"],
    alias: { quiet: "q" },
    default: { size: 3 },
  });
  const typed: Equal<typeof args.data, string | undefined> = true;
  const others: [
    Equal<typeof args.tag, string[]>,
    Equal<typeof args.quiet, boolean>,
    Equal<typeof args.q, boolean>,
    Equal<typeof args.size, unknown>,
    Equal<typeof args.extra, unknown>,
    Equal<typeof args._, (string | number)[]>,
  ] = [true, true, true, true, true, true];
  assert(typed && others.every(Boolean));
  assertEquals([args.data, args.tag, args.q, args.size], ["x", ["1"], false, 3]);

  const names: string[] = ["data"], defaults: Record<string, number> = { size: 3 };
  const dynamic = parseArgs([], { string: names, boolean: names, default: defaults });
  // Of names that are not known, a value is no string alone.
  const value: Equal<typeof dynamic.anything extends string ? true : false, false> = true;
  assert(value);
  const untyped: string = parseArgs(["--any", "thing"]).any;
  assertEquals(untyped, "thing");
});

Deno.test("parseArgs() reads letters, numbers and names with dots as minimist does", () => {
  assertEquals({ ...parseArgs(["-abc", "-n5", "-x=y", "-v", "3"]) }, {
    _: [],
    a: true,
    b: true,
    c: true,
    n: 5,
    x: "y",
    v: 3,
  });
  assertEquals({ ...parseArgs(["--at.x", "1", "--at.y=2", "0x10", " ", "1e400"]) }, {
    _: [16, " ", "1e400"],
    at: { x: 1, y: 2 },
  });
  assertEquals({ ...parseArgs(["--no-a=1", "--no-b"], { negatable: ["a"] }) }, {
    _: [],
    a: 1,
    "no-b": true,
  });
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

Deno.test("stringify() follows nested properties", () => {
  const columns = ["name", ["at", "x"], { prop: ["at", "y", 0], header: "first" }];
  const text = stringify([{ name: "a", at: { x: 1, y: [2, 3] } }], { columns });
  assertEquals(text, "name,x,first\r\na,1,2\r\n");
  assertEquals(stringify([[1, "a\rb"]], { bom: true }), "\ufeff1,a\rb\r\n");
  assertThrows(() => stringify([{ a: 1 }]), TypeError);
});

Deno.test("parse() skips comments and spaces, and types records by their columns", () => {
  const text = '# of no use\r\na; "b"\r\n\r\n"c\r\nd";""\r\n';
  const options = { separator: ";", comment: "#", trimLeadingSpace: true } as const;
  const rows = parse(text, options), records = parse(text, { ...options, columns: ["p", "q"] });
  const typed: [
    Equal<typeof rows, string[][]>,
    Equal<typeof records, Record<"p" | "q", string>[]>,
  ] = [true, true];
  assert(typed.every(Boolean));
  assertEquals(rows, [["a", "b"], ["c\nd", ""]]);
  assertEquals(records[1], { p: "c\nd", q: "" });
  const { message } = assertThrows(() => parse('a\nb"c'), SyntaxError);
  assertEquals(
    message,
    'Syntax error on line 2; parse error on line 2, column 2: bare " in non-quoted-field',
  );
  assertThrows(() => parse("a,b\n1", { skipFirstRow: true }), Error, "has 1 fields");
  assertThrows(() => parse("a,b\n1", { fieldsPerRecord: 0 }), SyntaxError);
});
