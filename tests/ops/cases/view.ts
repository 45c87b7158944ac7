/**
 * Cases of the views, alone: a device must copy what it would otherwise read in place.
 *
 * @module
 */
import {
  alias,
  broadcastTo,
  concat,
  mul,
  pad,
  reshape,
  slice,
  split,
  stack,
  stopGradient,
  transpose,
  type VIEW_OPS,
} from "../../../src/ops/mod.ts";
import { padOp } from "../../../src/ops/slice.ts";
import { apply } from "../../../src/tensor.ts";
import { anyI32, anyU32, type Case, floats, type Input } from "../case.ts";

const on = (name: string, f: Case["f"], ...inputs: Input[]): Case => ({ name, inputs, f });

const padding = (before: number[], after: number[], between: number[]): Case["f"] => (x) =>
  apply(padOp, [x], { before, after, between });

/** Cases by view. */
export const VIEW_CASES: Readonly<Record<keyof typeof VIEW_OPS, readonly Case[]>> = {
  alias: [on("f32", alias, floats([65])), on("a scalar", alias, floats([]))],
  // A stopped gradient is not the derivative: gradient.test.ts has it.
  stopGradient: [{ ...on("f32", stopGradient, floats([65])), deviceOnly: true }],
  reshape: [
    on("f32", (x) => reshape(x, [3, 2]), floats([2, 3])),
    on("to and from size 1", (x) => reshape(x, [1, 7, 1]), floats([7])),
    on("u32", (x) => reshape(x, [65, 3]), anyU32([3, 65])),
    on("of a transpose", (x) => reshape(transpose(x), [6]), floats([2, 3])),
  ],
  transpose: [
    on("two axes", (x) => transpose(x), floats([2, 3])),
    on("awkward", (x) => transpose(x), floats([65, 63])),
    on("one row", (x) => transpose(x), floats([1, 65])),
    on("four axes", (x) => transpose(x, [2, 0, 3, 1]), floats([2, 3, 4, 5])),
    on("of a reshape", (x) => transpose(reshape(x, [4, 3, 2]), [1, 2, 0]), floats([24])),
    on("i32", (x) => transpose(x, [0, 2, 1]), anyI32([2, 7, 8])),
  ],
  slice: [
    on("inside", (x) => slice(x, [1, 2], [3, 5]), floats([4, 7])),
    on("with steps", (x) => slice(x, [1, 0], [8, 7], [3, 2]), floats([8, 7])),
    on("one element", (x) => slice(x, [-1], [65]), floats([65])),
    on("from the end", (x) => slice(x, [-3, 0], [-1, 2]), floats([5, 4])),
    on("of a slice", (x) => slice(slice(x, [2], [60], [3]), [1], [19], [2]), floats([65])),
    on("u32", (x) => slice(x, [3], [257], [5]), anyU32([257])),
    on("of a pad", (x) => slice(pad(x, [[2, 3]]), [1], [8], [2]), floats([5])),
    on(
      "split, and back in another order",
      (x) => concat(split(x!, 3).toReversed()),
      floats([6, 5]),
    ),
    on("split into unequal parts", (x) => {
      const [a, b, c] = split(x!, [1, 7, 5], -1);
      return concat([c, a, b], 1);
    }, floats([3, 13])),
    on(
      "split into many",
      (x) => concat(split(x!, 11, 1).map((part, i) => mul(part, i))),
      floats([2, 11]),
    ),
  ],
  pad: [
    on("around", (x) => pad(x, [[1, 2], [0, 3]]), floats([2, 3])),
    on("between", padding([1, 0], [0, 2], [2, 1]), floats([2, 3])),
    on("awkward", (x) => pad(x, [[7, 1], [1, 64]]), floats([8, 63])),
    on("of a pad", (x) => pad(pad(x, [[1, 0]]), [[2, 1]]), floats([7])),
    on("of a broadcast", (x) => pad(broadcastTo(x, [5]), [[1, 1]]), floats([1])),
    on("of a transpose", (x) => pad(transpose(x), [[1, 1], [2, 0]]), floats([2, 3])),
    on("i32", (x) => pad(x, [[3, 2]]), anyI32([65])),
    on("concat, end to end", (a, b, c) => concat([a, b, c]), floats([7]), floats([1]), floats([8])),
    on("concat, inner axis", (a, b) => concat([a, b], -1), floats([2, 3]), floats([2, 4])),
    on("stack", (a, b) => stack([a, b], 1), floats([2, 3]), floats([2, 3])),
  ],
  broadcastTo: [
    on("a scalar", (x) => broadcastTo(x, [2, 3]), floats([])),
    on("middle", (x) => broadcastTo(x, [2, 5, 3]), floats([2, 1, 3])),
    on("leading", (x) => broadcastTo(x, [4, 2, 3]), floats([2, 3])),
    on("awkward", (x) => broadcastTo(x, [65, 63]), floats([65, 1])),
    on("of a transpose", (x) => broadcastTo(transpose(x), [2, 3, 2]), floats([2, 3])),
    on("u32", (x) => broadcastTo(x, [7, 257]), anyU32([257])),
  ],
};
