/**
 * The sweep of ops beside PyTorch: its cases, bars, summary, table, picture and command line.
 */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { CASES, GROUPS } from "../../bench/ops/cases/mod.ts";
import { ratioFigure } from "../../bench/ops/figure.ts";
import { KINDS } from "../../bench/ops/kinds/mod.ts";
import { lines } from "../../bench/ops/lines.ts";
import { chooseCases, ops } from "../../bench/ops/main.ts";
import { Peer } from "../../bench/ops/peer.ts";
import type { Answer } from "../../bench/ops/request.ts";
import { difference, scaleDifference } from "../../bench/ops/results.ts";
import {
  clearedBar,
  geometricMean,
  merged,
  type Row,
  rowsOf,
  summarize,
  wrongRows,
} from "../../bench/ops/row.ts";
import { summaryText, tableHead, tableLine } from "../../bench/ops/table.ts";
import type { Work } from "../../bench/ops/work.ts";
import { open, type Tensor } from "../../mod.ts";
import { captured } from "../tasks/captured.ts";

const times = (best: number) => ({ best, median: 2 * best });
const PEAK = { gflops: 100, gbps: 50 };
const DENSE = { kind: "dense", name: "dense 10 b2", size: { b: 2, i: 10, o: 10 } } as const;

const answer = (ms: number): Answer => ({
  forward: { layouts: { own: times(ms) }, flops: 4e6, bytes: 1000 },
});
const theirs = (product: number, image: number): Answer => ({
  forward: { layouts: { matmul: times(product), "1x1": times(image) } },
});
const ROUNDS = {
  ours: [answer(1), answer(0.5)],
  pytorch: [theirs(0.3, 0.4), theirs(0.2, 0.1)],
  errors: { forward: 1e-6 },
};
const [ROW] = rowsOf(DENSE, ROUNDS, PEAK) as [Row];

Deno.test("clearedBar() is PyTorch's speed first, then the machine's", () => {
  assertEquals(clearedBar(0.9, 0.1, 0.1), "PyTorch");
  assertEquals(clearedBar(0.89, 0.85, 0.1), "peak");
  assertEquals(clearedBar(0.89, 0.84, 0.9), "copy");
  assertEquals(clearedBar(0.89, undefined, 0.84), "short");
});

Deno.test("rowsOf() compares the best of all rounds with PyTorch's fastest layout", () => {
  assertEquals(ROW.ours, { best: 0.5, median: 2 });
  assertEquals(ROW.pytorch, {
    matmul: { best: 0.2, median: 0.6 },
    "1x1": { best: 0.1, median: 0.8 },
  });
  assertEquals([ROW.layout, ROW.ratio, ROW.medianRatio], ["1x1", 0.2, 0.3]);
  assertEquals([ROW.ofPeak, ROW.ofCopy, ROW.bar], [0.08, 0.00004, "short"]);
  assertEquals(merged([times(3), times(1), times(2)]), { best: 1, median: 4 });
});

Deno.test("summarize() has the geometric mean, and what falls short from the worst", () => {
  assertAlmostEquals(geometricMean([0.5, 8]), 2);
  const rows = [ROW, { ...ROW, direction: "input gradient", ratio: 20, bar: "PyTorch" } as Row, {
    ...ROW,
    direction: "weight gradient",
    ratio: 0.02,
  }];
  const summary = summarize(rows);
  assertEquals(summary, {
    rows: 3,
    geometricMean: 0.4309,
    least: 0.02,
    kinds: { dense: 0.431 },
    bars: { short: 2, PyTorch: 1 },
    short: ["dense 10 b2, weight gradient: 0.02", "dense 10 b2, forward: 0.2"],
  });
  const text = summaryText(summary, rows);
  assertStringIncludes(text, "geometric mean of 3 ratios to PyTorch: 0.431; bars cleared: 2 short");
  assertStringIncludes(text, "by kind: dense 0.431");
  assertStringIncludes(text, "slowest: dense 10 b2, weight gradient 0.020; ");
});

Deno.test("tableLine() aligns with the head, and marks wrong results", () => {
  const at = (text: string, found: string) => text.lastIndexOf(found) + found.length;
  assertEquals(at(tableLine(ROW), "0.200"), at(tableHead(), "ratio"));
  assertStringIncludes(tableLine(ROW), "8.00 GF/s   40.0 GF/s  0.200  short");
  const wrong = { ...ROW, error: 0.5 };
  assertStringIncludes(tableLine(wrong), "WRONG: 0.500");
  assertEquals(wrongRows([ROW, wrong, { ...ROW, error: NaN }]).length, 2);
});

Deno.test("difference() is relative to the root mean square, and infinite where sizes differ", () => {
  const of = (...values: number[]) => Float32Array.from(values);
  assertEquals(difference(of(3, 4.5), of(3, 4)), 0.5 / Math.sqrt(12.5));
  assertEquals(difference(of(1), of(1, 2)), Infinity);
  assert(Number.isNaN(difference(of(NaN, 1), of(1, 1))));
  assertEquals(difference(of(9, 3, 1.5, 1), of(1, 1, 1, 1), 2), 0.5);
  assertEquals(difference(of(1, 1), of(1, 1), 5), 0);
  assertAlmostEquals(scaleDifference(of(0, 2), of(2, 0)), 0);
});

Deno.test("every case has a name of its own, and every kind a case", () => {
  assertEquals(new Set(CASES.map(({ name }) => name)).size, CASES.length);
  const kinds = new Set<string>(CASES.map(({ kind }) => kind));
  assertEquals(Object.keys(KINDS).filter((kind) => !kinds.has(kind)), []);
});

Deno.test("chooseCases() takes parts of names, kinds and groups", () => {
  const names = (only: string) => chooseCases(only, false).map(({ name }) => name);
  assertEquals(names("dense 4096 b1,softmax 128x1000").slice(0, 2), [
    "dense 4096 b1",
    "dense 4096 b128",
  ]);
  assertEquals(names("BMM").length, GROUPS.batched.length);
  assertEquals(names("updates").length, GROUPS.updates.length);
  assertEquals(chooseCases(undefined, true).length, Object.keys(GROUPS).length);
});

const small: Readonly<Record<string, unknown>> = {
  conv: { b: 1, h: 5, ci: 2, co: 4, k: 3, p: 1, d: 2, groups: 2 },
  conv1d: { b: 1, l: 9, ci: 2, co: 3, k: 3, p: 1 },
  convTranspose: { b: 1, h: 3, ci: 2, co: 3, k: 4, s: 2, p: 1 },
  batchNormRelu: { b: 2, h: 3, c: 2 },
  crossEntropy: { b: 3, c: 4 },
  embedding: { v: 5, c: 2, n: 3 },
  adam: { count: 2, n: 3 },
};

Deno.test("kinds compute results and gradients of the shapes of their inputs", async () => {
  await using run = await open({ device: "reference" });
  for (const [kind, size] of Object.entries(small)) {
    const work = (KINDS[kind as "conv"] as (size: unknown) => Work)(size);
    for (const [name, { inputs, carry = [], compute }] of Object.entries(work)) {
      const results = compute(inputs, carry),
        shapes = (of: readonly Tensor[]) => of.map(({ shape }) => shape.join("×"));
      if (name === "update") assertEquals(shapes(results), shapes(carry), kind);
      if (name === "with gradient") {
        const floats = inputs.filter(({ dtype }) => dtype === "f32");
        assertEquals(shapes(results.slice(1)), shapes(floats.slice(0, -1)), kind);
      }
      for (const values of await run.read(results)) {
        assert(Array.from(values).every(Number.isFinite), `${kind} ${name}`);
      }
    }
  }
});

Deno.test("ratioFigure() has a mark in each part for each row, and dark colors", () => {
  const rows = [ROW, { ...ROW, direction: "weight gradient", ratio: 30, bar: "PyTorch" } as Row];
  const svg = ratioFigure(rows, { title: "a < b", caption: "two" });
  assertStringIncludes(svg, "a &lt; b");
  assertStringIncludes(svg, "prefers-color-scheme: dark");
  assertEquals(svg.match(/<circle/g)!.length, 3);
  assertEquals(svg.split("dense 10 b2").length, 2);
});

Deno.test("lines() joins what arrives in pieces", async () => {
  const pieces = ["one\ntw", "o\n", "three"].map((text) => new TextEncoder().encode(text));
  assertEquals(await Array.fromAsync(lines(ReadableStream.from(pieces))), ["one", "two"]);
});

Deno.test("a peer answers line by line, and its end is an error", async () => {
  const script = 'console.log("{}"); for await (const x of Deno.stdin.readable) {' +
    "console.log(new TextDecoder().decode(x).trim()); break; } Deno.exit(3)";
  await using peer = new Peer("echo", [Deno.execPath(), "eval", script]);
  assertEquals(await peer.hear(), {});
  assertEquals(await peer.ask({ a: [1] }), { a: [1] });
  const error = await peer.ask({}).then(() => undefined, (error) => error as Error);
  assertEquals(error?.message, "echo: expected an answer, found that it ended with 3");
});

Deno.test("bench:ops says what is wrong with its command line, and that PyTorch is missing", async () => {
  const failed = async (...args: string[]) => {
    const { code, err } = await captured(() => ops(args));
    return [code, err] as const;
  };
  const [code, err] = await failed("--only", "convolutoin");
  assertEquals(code, 2);
  assertStringIncludes(err, "--only: expected part of a name (--list), a kind or one of net conv");
  assertEquals(await failed("--quick", "--python", "no-such-python"), [
    1,
    "bench:ops: expected a Python with PyTorch: found no no-such-python; --python names another",
  ]);
});
