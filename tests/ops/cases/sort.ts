/**
 * Cases of argSort, and of what is gathered by it.
 *
 * @module
 */
import { add, argSort, mul, sort, topK, transpose } from "../../../src/ops/mod.ts";
import {
  anyI32,
  anyU32,
  type Case,
  distinct,
  floats,
  type Input,
  listed,
  wholes,
} from "../case.ts";

const on = (name: string, f: Case["f"], ...inputs: Input[]): Case => ({ name, inputs, f });

const device = (name: string, f: Case["f"], ...inputs: Input[]): Case => ({
  ...on(name, f, ...inputs),
  deviceOnly: true,
});

const SPECIAL = [NaN, -0, 3, -Infinity, 0, 1e-40, Infinity, -3, NaN, 3, -1e-40, 0, -2.5];

const up: Case["f"] = (x) => argSort(x!);
const down: Case["f"] = (x) => argSort(x!, -1, { descending: true });

/** Lengths around those of runs, and levels of merging of both parities. */
const LENGTHS = [2, 3, 5, 7, 13, 31, 32, 33, 63, 65, 129, 257];

/** Cases of argSort. */
export const SORTS: Readonly<Record<"argSort", readonly Case[]>> = {
  argSort: [
    ...LENGTHS.flatMap((n) => [
      device(`rows of ${n}`, up, floats([3, n])),
      device(`rows of ${n}, descending`, down, floats([2, n])),
      device(`ties in rows of ${n}`, up, wholes([5, n], "i32", -3, 4)),
      device(`ties in rows of ${n}, descending`, down, wholes([1, n], "u32", 0, 3)),
    ]),
    device("special numbers", up, listed(SPECIAL)),
    device("special numbers, descending", down, listed(SPECIAL, "f32", [3, 39])),
    device("all equal", up, listed([4], "f32", [2, 70])),
    device("any i32", up, anyI32([2, 300])),
    device("any u32, descending", down, anyU32([2, 300])),
    device("long", up, floats([70001])),
    device("along the first axis", (x) => argSort(x, 0), floats([65, 3])),
    device("along a middle axis", (x) => argSort(x, 1), floats([2, 33, 5])),
    device("of a transpose", (x) => argSort(transpose(x)), floats([40, 3])),
    device("of what is computed, into more", (x) => add(argSort(mul(x, 2)), 1), floats([3, 40])),
    on("sort", (x) => sort(x), distinct([3, 7])),
    on(
      "sort along the first axis, descending",
      (x) => sort(x, 0, { descending: true }),
      distinct([13, 2]),
    ),
    device("sort, awkward", (x) => sort(x, 1), floats([7, 65, 3])),
    device("sort of i32", (x) => sort(x), anyI32([3, 100])),
    on("topK", (x) => topK(x, 3)[0], distinct([2, 11])),
    on(
      "topK, smallest, along the first axis",
      (x) => topK(x, 2, { axis: 0, smallest: true })[0],
      distinct([5, 3]),
    ),
    device("topK's indices", (x) => topK(x, 2)[1], floats([5, 65])),
  ],
};
