/**
 * Ops of matrices by rows or columns, and ops that move elements.
 *
 * @module
 */
import type { RowSize } from "../kinds/row.ts";
import { casesOf, namedCases } from "./case.ts";

const sized = (name: string) => ({ b, c }: RowSize) => `${name} ${b}x${c}`;

/** Ops in which every element of a row depends on the whole row. */
export const ROW_OPS = [
  ...namedCases("softmax", sized("softmax"), [
    { b: 4096, c: 512 },
    { b: 128, c: 1000 },
    { b: 128, c: 10 },
    { b: 16384, c: 128 },
    { b: 8192, c: 17 },
    { b: 1, c: 50000 },
  ]),
  ...namedCases("logSoftmax", sized("log-softmax"), [
    { b: 128, c: 1000 },
    { b: 128, c: 10 },
    { b: 1024, c: 5003 },
  ]),
  ...namedCases("crossEntropy", sized("cross-entropy"), [{ b: 128, c: 10 }, { b: 256, c: 1000 }]),
  ...namedCases("logSumExp", sized("logsumexp"), [{ b: 2048, c: 512 }]),
  ...casesOf("layerNorm", { "layernorm 512 b4096": { b: 4096, c: 512 } }),
  ...namedCases("layerNorm", sized("layernorm"), [
    { b: 2048, c: 256 },
    { b: 128, c: 50 },
    { b: 64, c: 4096 },
  ]),
];

/** Reductions. */
export const REDUCTIONS = [
  ...namedCases("sumAll", sized("sum"), [{ b: 2048, c: 1024 }, { b: 64, c: 50 }]),
  ...namedCases("sumRows", sized("sum of rows"), [{ b: 4096, c: 512 }, { b: 100000, c: 10 }]),
  ...namedCases("sumColumns", sized("sum of columns"), [{ b: 4096, c: 512 }, { b: 100000, c: 10 }]),
  ...namedCases("maxRows", sized("max of rows"), [{ b: 4096, c: 512 }]),
  ...namedCases("argMax", sized("argmax of rows"), [{ b: 4096, c: 512 }, { b: 128, c: 10 }]),
  ...namedCases("varianceRows", sized("variance of rows"), [{ b: 4096, c: 512 }]),
  ...namedCases("cumSum", sized("cumulative sum"), [{ b: 1024, c: 512 }]),
];

/** Ops that move elements. */
export const MOVES = [
  ...casesOf("embedding", {
    "embed 10000x128 n4096": { v: 10000, c: 128, n: 4096 },
    "embed 100x512 n2048": { v: 100, c: 512, n: 2048 },
    "embed 50000x50 n1024": { v: 50000, c: 50, n: 1024 },
  }),
  ...casesOf("gatherColumns", {
    "500 columns of 64x1000": { b: 64, c: 1000, n: 500 },
    "1024 columns of 256x1024": { b: 256, c: 1024, n: 1024 },
  }),
  ...casesOf("takeAlong", {
    "one of each of 4096x21": { b: 4096, c: 21, n: 1 },
    "1024 of each of 256x1024": { b: 256, c: 1024, n: 1024 },
  }),
  ...namedCases("transpose", sized("transpose"), [{ b: 1024, c: 1024 }, { b: 4099, c: 301 }]),
  ...namedCases("sliceColumns", sized("right half of"), [{ b: 8192, c: 256 }, { b: 8192, c: 30 }]),
  ...casesOf("splitHeads", {
    "split heads 16·128·8·32": { b: 16, t: 128, heads: 8, c: 32 },
    "split heads 4·512·12·64": { b: 4, t: 512, heads: 12, c: 64 },
  }),
];

/** Recurrent layers. */
export const RECURRENCES = casesOf("lstm", {
  "lstm 100 steps 8 to 32 b16": { t: 100, b: 16, i: 8, u: 32 },
  "lstm 30 steps 64 to 128 b32": { t: 30, b: 32, i: 64, u: 128 },
});
