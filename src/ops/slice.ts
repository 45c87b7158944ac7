/**
 * slice and pad, each other's adjoints.
 *
 * @module
 */
import { counted } from "../counted.ts";
import { type Shape, showList, showShape, stridesOf } from "../shape.ts";
import { apply, type Tensor, type ViewOp } from "../tensor.ts";
import { showSpec } from "../spec.ts";
import { checkIntegers, checkTensor } from "./check.ts";
import { known } from "../tuple.ts";

const list = (value: unknown) => value as readonly number[];

/** Every `step`-th element from `start` to before `stop`, along each axis. */
export const sliceOp: ViewOp = {
  kind: "view",
  name: "slice",
  infer: ([x], { start, stop, step }) => {
    const ok =
      [start, stop, step].every((l) =>
        list(l).length === x.shape.length && list(l).every(Number.isInteger)
      ) &&
      x.shape.every((d, i) =>
        list(start)[i]! >= 0 && list(start)[i]! < list(stop)[i]! && list(stop)[i]! <= d &&
        list(step)[i]! >= 1
      );
    if (!ok) {
      throw new RangeError(
        `slice: expected 0 ≤ start < stop ≤ size and step ≥ 1 for every axis of ${showSpec(x)}, ` +
          `found start ${showShape(list(start))}, stop ${showShape(list(stop))}, step ${
            showShape(list(step))
          }`,
      );
    }
    return {
      dtype: x.dtype,
      shape: x.shape.map((_, i) => Math.ceil((list(stop)[i]! - list(start)[i]!) / list(step)[i]!)),
    };
  },
  view: (x, { start, stop, step }) => {
    const strides = stridesOf(x.shape);
    const shape = x.shape.map((_, i) =>
      Math.ceil((list(stop)[i]! - list(start)[i]!) / list(step)[i]!)
    );
    return {
      shape,
      axes: shape.map((n, i) => ({
        stride: strides[i]! * list(step)[i]!,
        lo: 0,
        hi: n,
        every: 1,
      })),
      offset: strides.reduce((sum, s, i) => sum + s * list(start)[i]!, 0),
    };
  },
  vjp: (g, [x], _, { start, step }) => {
    const before = list(start), between = list(step).map((s) => s - 1);
    const after = x.shape.map((d, i) =>
      d - before[i]! - ((g.shape[i]! - 1) * (between[i]! + 1) + 1)
    );
    return [apply(padOp, [g], { before: [...before], after, between })];
  },
};

/** Zeros before, after, and between the elements of each axis. */
export const padOp: ViewOp = {
  kind: "view",
  name: "pad",
  infer: ([x], { before, after, between }) => {
    const ok = [before, after, between].every((l) =>
      list(l).length === x.shape.length && list(l).every((n) => Number.isInteger(n) && n >= 0)
    );
    if (!ok) {
      throw new RangeError(
        `pad: expected integers of at least 0 for each axis of ${showSpec(x)}, found before ${
          showShape(list(before))
        }, after ${showShape(list(after))}, between ${showShape(list(between))}`,
      );
    }
    return {
      dtype: x.dtype,
      shape: x.shape.map((d, i) =>
        list(before)[i]! + (d - 1) * (list(between)[i]! + 1) + 1 + list(after)[i]!
      ),
    };
  },
  view: (x, attrs) => {
    const strides = stridesOf(x.shape);
    return {
      shape: padOp.infer(known([x]), attrs).shape,
      axes: x.shape.map((d, i) => {
        const lo = list(attrs.before)[i]!, every = list(attrs.between)[i]! + 1;
        return { stride: strides[i]!, lo, hi: lo + (d - 1) * every + 1, every };
      }),
      offset: 0,
    };
  },
  vjp: (g, [x], _, { before, between }) => [
    apply(sliceOp, [g], {
      start: [...list(before)],
      stop: x.shape.map((d, i) => list(before)[i]! + (d - 1) * (list(between)[i]! + 1) + 1),
      step: list(between).map((n) => n + 1),
    }),
  ],
};

/**
 * A strided part of a tensor: from `start` to before `stop` in steps of `step`, per axis. Negative `start`
 * and `stop` count from the end; axes left out are taken whole.
 *
 * @throws RangeError if a range is empty or outside.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.slice(tensor([0, 1, 2, 3, 4, 5]), [1], [-1], [2]));
 * console.assert(y.join() === "1,3");
 * ```
 */
export function slice(
  x: Tensor,
  start: Shape,
  stop: Shape = [],
  step: Shape = [],
): Tensor {
  checkTensor("slice", x);
  for (const [what, list] of Object.entries({ start, stop, step })) {
    checkIntegers("slice", what, list);
  }
  const from = (l: Shape, i: number, otherwise: number) =>
    l[i] === undefined ? otherwise : l[i] < 0 ? l[i] + x.shape[i]! : l[i];
  if (Math.max(start.length, stop.length, step.length) > x.rank) {
    throw new RangeError(
      `slice: expected at most ${counted(x.rank, "axis", "axes")} for ${showSpec(x)}, found start ${
        showShape(start)
      }, stop ${showShape(stop)}, step ${showShape(step)}`,
    );
  }
  const attrs = {
    start: x.shape.map((_, i) => from(start, i, 0)),
    stop: x.shape.map((d, i) => from(stop, i, d)),
    step: x.shape.map((_, i) => step[i] ?? 1),
  };
  const whole = x.shape.every((d, i) =>
    attrs.start[i] === 0 && attrs.stop[i] === d && attrs.step[i] === 1
  );
  return whole ? x : apply(sliceOp, [x], attrs);
}

/** How many elements to put before and after each axis. */
export type PadWidths = readonly (readonly [before: number, after: number])[];

/**
 * A tensor with zeros around it: `[before, after]` for each axis. Throws RangeError on negative widths.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.pad(tensor([1, 2]), [[1, 2]]));
 * console.assert(y.join() === "0,1,2,0,0");
 * ```
 */
export function pad(x: Tensor, widths: PadWidths): Tensor {
  checkTensor("pad", x);
  if (!Array.isArray(widths) || !widths.every((pair) => Array.isArray(pair) && pair.length === 2)) {
    throw new RangeError(
      `pad: expected [before, after] for each axis of ${showSpec(x)}, found ${showList(widths)}`,
    );
  }
  if (widths.length !== x.rank) {
    throw new RangeError(
      `pad: expected ${x.rank} pairs of widths for ${showSpec(x)}, found ${widths.length}`,
    );
  }
  if (widths.every(([a, b]) => a === 0 && b === 0)) return x;
  return apply(padOp, [x], {
    before: widths.map(([a]) => a),
    after: widths.map(([, b]) => b),
    between: widths.map(() => 0),
  });
}
