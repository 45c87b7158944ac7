/**
 * Cases of gather and scatterAdd, with indices that repeat and that lie outside.
 *
 * @module
 */
import { gather, scatterAdd, takeAlong } from "../../../src/ops/mod.ts";
import { anyI32, anyU32, type Case, floats, type Input, listed, wholes } from "../case.ts";

const on = (name: string, f: Case["f"], ...inputs: Input[]): Case => ({ name, inputs, f });

/** Not for finite differences: an index outside gives NaN. */
const device = (name: string, f: Case["f"], ...inputs: Input[]): Case => ({
  ...on(name, f, ...inputs),
  deviceOnly: true,
});

const rows: Case["f"] = (x, at) => gather(x!, at!);

/** gather along an axis. */
const along = (axis: number): Case["f"] => (x, at) => gather(x!, at!, { axis });

/** takeAlong an axis. */
const each = (axis: number): Case["f"] => (x, at) => takeAlong(x!, at!, axis);

const OUTSIDE = [3, 0, -1, 3, 7, 6, -(2 ** 31), 2 ** 31 - 1];
const BEYOND = [3, 0, 2 ** 32 - 1, 3, 7, 6, 2 ** 31];

/** Cases of gather and scatterAdd. */
export const GATHERS: Readonly<Record<"gather" | "scatterAdd", readonly Case[]>> = {
  gather: [
    on("rows", rows, floats([7, 3]), listed([3, 0, 3, 6, 1], "i32")),
    device("outside", rows, floats([7, 3]), listed(OUTSIDE, "i32")),
    device("outside, u32", rows, floats([7, 3]), listed(BEYOND, "u32")),
    on("elements, indices of two axes", rows, floats([9]), wholes([2, 3], "i32", 0, 9)),
    on("one index", rows, floats([4, 2, 3]), listed([2], "u32", [])),
    device("of one row", rows, floats([1, 65]), wholes([7], "i32", -1, 2)),
    device("awkward", rows, floats([257, 3]), wholes([65], "i32", -9, 266)),
    device("images", rows, floats([9, 7, 8, 3]), wholes([63], "u32", 0, 10)),
    on("of i32", rows, anyI32([65, 3]), wholes([64], "i32", -1, 66)),
    on("of u32", rows, anyU32([65]), wholes([257], "u32", 0, 66)),
    on("along the last axis", along(-1), floats([2, 3, 5]), listed([4, 0, 4, 1], "i32")),
    on("along a middle axis", along(1), floats([2, 7, 3]), listed([6, 0, 6], "u32", [3, 1])),
    on("along an axis of one", along(1), floats([5, 1, 2]), listed([0, 0], "i32")),
    device("along an inner axis, outside", along(1), floats([3, 7, 2]), listed(OUTSIDE, "i32")),
    device("along the last axis, outside", along(2), floats([2, 3, 7]), listed(BEYOND, "u32")),
    device(
      "awkward, along an inner axis",
      along(1),
      floats([13, 65, 7]),
      wholes([31], "i32", -1, 66),
    ),
    device("of i32, along the last axis", along(-1), anyI32([7, 13]), wholes([65], "i32", -2, 15)),
    on("one along the last axis", each(-1), floats([5, 7]), wholes([5, 1], "i32", 0, 7)),
    on("some along the first axis", each(0), floats([7, 3]), wholes([2, 3], "u32", 0, 7)),
    on("some along a middle axis", each(1), floats([2, 5, 3]), wholes([2, 4, 3], "i32", 0, 5)),
    on("some of one axis", each(0), floats([7]), wholes([3], "i32", 0, 7)),
    device("some outside", each(1), floats([2, 7, 2]), listed(OUTSIDE, "i32", [2, 4, 2])),
    device("some outside, u32", each(0), floats([7, 2]), listed(BEYOND, "u32", [3, 2])),
    device("some, awkward", each(1), floats([13, 65, 5]), wholes([13, 31, 5], "i32", -1, 66)),
  ],
  scatterAdd: [
    on("rows", (at, x) => scatterAdd(7, at, x), listed([3, 0, 3, 6, 1], "i32"), floats([5, 3])),
    on("outside", (at, x) => scatterAdd(7, at, x), listed(OUTSIDE, "i32"), floats([8, 3])),
    on("outside, u32", (at, x) => scatterAdd(7, at, x), listed(BEYOND, "u32"), floats([7, 3])),
    on("elements", (at, x) => scatterAdd(9, at, x), wholes([2, 3], "i32", 0, 9), floats([2, 3])),
    on("one row", (at, x) => scatterAdd(4, at, x), listed([2], "u32", []), floats([2, 3])),
    on("all to one", (at, x) => scatterAdd(1, at, x), listed([0], "i32", [65]), floats([65, 7])),
    on("awkward", (at, x) => scatterAdd(63, at, x), wholes([257], "i32", -5, 66), floats([257, 3])),
    on("sparse", (at, x) => scatterAdd(3001, at, x), wholes([7], "u32", 0, 3001), floats([7, 8])),
    on(
      "many to few",
      (at, x) => scatterAdd(3, at, x),
      wholes([70001], "i32", 0, 3),
      anyU32([70001, 2]),
    ),
    on("of i32", (at, x) => scatterAdd(8, at, x), wholes([65], "i32", -1, 9), anyI32([65, 3])),
    on("of u32", (at, x) => scatterAdd(8, at, x), wholes([65], "u32", 0, 9), anyU32([65])),
  ],
};
