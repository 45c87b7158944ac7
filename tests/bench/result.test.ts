import { assert, assertEquals } from "@std/assert";
import { rated, roundedMs, type Row, wrongRows } from "../../bench/result.ts";
import { productError } from "../../bench/suites/matmul.ts";
import { digits, formatPeak, formatTable } from "../../bench/table.ts";
import { fill } from "../golden/fill.ts";

const most = { gflops: 200, gbps: 20 };
const ms = (median: number, runs = 5) => ({ median, low: 0.9 * median, high: 2 * median, runs });

Deno.test("rated() is work by time, also relative to the peak", () => {
  assertEquals(rated(most, 10, { flops: 1e9 }), { gflops: 100, ofPeak: 0.5 });
  assertEquals(rated(most, 10, { bytes: 3e8 }), { gbps: 30, ofBandwidth: 1.5 });
  assertEquals(Object.keys(rated(most, 1, { flops: 1, bytes: 1 })).length, 4);
  assertEquals(rated(most, 1, {}), {});
  assertEquals(roundedMs(ms(1.234567)), { median: 1.235, low: 1.111, high: 2.469, runs: 5 });
});

const ROWS: readonly Row[] = [
  { suite: "matmul", name: "64×64×64", ms: ms(0.5), callMs: 0.61, gflops: 1.05, error: 2.1e-7 },
  { suite: "matmul", name: "8×8×8", ms: ms(123.4, 1), ofPeak: 1.25, error: 0.5 },
];

Deno.test("formatTable() has the columns that a row has something for, below each other", () => {
  assertEquals(
    formatTable(ROWS),
    [
      "matmul       ms   quartiles  whole call  GFLOP/s  of peak         error",
      "64×64×64  0.500  0.450–1.00       0.610     1.05                 2.1e-7",
      "8×8×8       123                                     125 %  WRONG: 0.500",
    ].join("\n"),
  );
  assertEquals(
    formatPeak(most),
    "measured peak: 200 GFLOP/s in multiply-adds and 20.0 GB/s in copying",
  );
});

Deno.test("digits() keeps about three significant digits", () => {
  assertEquals([0, 0.00012, 0.0123, 1.234, 12.34, 1234.5].map(digits), [
    "0.000",
    "1.2e-4",
    "0.012",
    "1.23",
    "12.3",
    "1235",
  ]);
});

Deno.test("wrongRows() are rows with too large an error, or NaN", () => {
  const nan: Row = { suite: "s", name: "nan", ms: ms(1), error: NaN };
  assertEquals(wrongRows([...ROWS, nan]).map(({ name }) => name), ["8×8×8", "nan"]);
});

Deno.test("productError() shows a fast wrong product, at its last element too", () => {
  const [m, k, n] = [20, 7, 30], a = fill(m * k, 1, 1), b = fill(k * n, 2, 1);
  const exact = Float32Array.from({ length: m * n }, (_, at) => {
    let sum = 0;
    for (let l = 0; l < k; l++) sum += a[Math.floor(at / n) * k + l]! * b[l * n + at % n]!;
    return sum;
  });
  assert(productError(a, b, exact, [m, k, n]) < 1e-6);
  exact[m * n - 1]! += 0.1;
  assert(productError(a, b, exact, [m, k, n]) > 1e-2);
});
