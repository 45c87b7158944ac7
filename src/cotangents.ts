/**
 * Accumulation of cotangents. Those of many slices of one tensor, such as the steps of a sequence, are
 * concatenated instead of being padded to full size and added.
 *
 * @module
 */
import { add, concat, constant, reshape, slice, VIEW_OPS } from "./ops/mod.ts";
import { scatterAddOp } from "./ops/gather.ts";
import { apply, type Op, type Tensor } from "./tensor.ts";
import { showSpec } from "./spec.ts";
import { showAttrs } from "./signature.ts";

/** Up to this many cotangents are added one by one. */
const FEW = 8;

/** Linear views: equal views of several tensors are replaced by one view of the tensors' sum. */
const LINEAR: ReadonlySet<Op> = new Set<Op>([
  VIEW_OPS.reshape,
  VIEW_OPS.transpose,
  VIEW_OPS.pad,
  VIEW_OPS.broadcastTo,
]);

/** How many nested views are searched for common structure. */
const DEPTH = 8;

const addInOrder = (parts: readonly Tensor[]): Tensor => parts.reduce((a, b) => add(a, b));

/** Groups values by a text key, in the order in which keys first appear. */
function groupBy<T>(all: readonly T[], textOf: (each: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const text = textOf(each), group = groups.get(text);
    if (group) group.push(each);
    else groups.set(text, [each]);
  }
  return [...groups.values()];
}

const hasOp = (op: Op) => (x: Tensor): boolean => x.op === op;

/** Replaces equal views of several tensors by one view of their sum. */
function addViewed(parts: readonly Tensor[], depth: number): Tensor[] {
  const alike = (x: Tensor, i: number) =>
    LINEAR.has(x.op) ? `${x.op.name} ${showAttrs(x.attrs)} ${showSpec(x.args[0]!)}` : `${i}`;
  const numbered = parts.map((x, i) => ({ x, text: alike(x, i) }));
  return groupBy(numbered, ({ text }) => text).map((group) => {
    const [{ x }] = group as [typeof group[0]];
    if (group.length === 1) return x;
    return apply(x.op, [sumCotangents(group.map(({ x }) => x.args[0]!), depth - 1)], x.attrs);
  });
}

/** Merges scatterAdds into results of one shape into one scatterAdd over all their indices. */
function addScattered(parts: readonly Tensor[]): Tensor[] {
  const groups = groupBy(
    parts.filter(hasOp(scatterAddOp)),
    ({ args: [at, rows], shape }) => `${at!.dtype} ${rows!.dtype} ${shape.join()}`,
  );
  const joined = groups.map((group) => {
    const [{ attrs }] = group as [Tensor];
    const [at, rows] = [0, 1].map((k) => concat(group.map(({ args }) => args[k]!), 0));
    return apply(scatterAddOp, [at!, rows!], attrs);
  });
  return [...parts.filter((x) => x.op !== scatterAddOp), ...joined];
}

/** A tensor that is zero-padded along one axis, and the range that it covers there. */
interface Strip {
  readonly from: number;
  readonly to: number;
  readonly x: Tensor;
}

const list = (value: unknown) => value as readonly number[];

/** Concatenates disjoint strips along an axis of a size, with zeros in the gaps. */
function fill(strips: readonly Strip[], axis: number, size: number): Tensor {
  const parts: Tensor[] = [];
  let at = 0;
  const { shape, dtype } = strips[0]!.x;
  const zerosTo = (to: number) => {
    if (to > at) parts.push(constant(0, shape.map((d, i) => i === axis ? to - at : d), dtype));
  };
  for (const { from, to, x } of strips) {
    zerosTo(from);
    parts.push(x);
    at = to;
  }
  zerosTo(size);
  return concat(parts, axis);
}

/** Packs strips into as few rows as possible such that strips of one row do not overlap. */
function packIntoRows(strips: readonly Strip[]): Strip[][] {
  const rows: Strip[][] = [], ends: number[] = [];
  for (const strip of strips.toSorted((a, b) => a.from - b.from)) {
    let row = ends.findIndex((end) => end <= strip.from);
    if (row < 0) row = rows.push([]) - 1;
    rows[row]!.push(strip);
    ends[row] = strip.to;
  }
  return rows;
}

/**
 * Joins tensors with padding between their elements along an axis (gradients of strided slices): the axis
 * is split into steps and positions within a step, where they are ordinary strips.
 */
function joinStrided(parts: readonly Tensor[], axis: number, depth: number): Tensor[] {
  const stepAlong = (x: Tensor) => x.op === VIEW_OPS.pad ? list(x.attrs.between)[axis]! + 1 : 1;
  const strided = groupBy(parts.filter((x) => stepAlong(x) > 1), (x) => `${stepAlong(x)}`);
  const joined = strided.flatMap((group) => {
    if (group.length <= FEW) return group;
    const [{ shape }] = group as [Tensor], step = stepAlong(group[0]!);
    const size = shape[axis]!, steps = Math.ceil(size / step);
    const split = (widths: readonly number[], whole: number, within: number) =>
      widths.toSpliced(axis, 1, whole, within);
    const parted = group.map(({ attrs, args: [x] }) => {
      const count = x!.shape[axis]!, from = list(attrs.before)[axis]!;
      const first = Math.floor(from / step), within = from % step;
      return apply(VIEW_OPS.pad, [reshape(x!, split(x!.shape, count, 1))], {
        before: split(list(attrs.before), first, within),
        after: split(list(attrs.after), steps - first - count, step - 1 - within),
        between: split(list(attrs.between), 0, 0),
      });
    });
    const whole = reshape(sumCotangents(parted, depth - 1), shape.with(axis, steps * step));
    return [slice(whole, [], shape)];
  });
  return [...parts.filter((x) => stepAlong(x) === 1), ...joined];
}

/** Joins tensors whose padding differs only along one axis by concatenating them along it. */
function joinPadded(parts: readonly Tensor[], axis: number): Tensor[] {
  const isStrip = (x: Tensor) => x.op === VIEW_OPS.pad && list(x.attrs.between)[axis] === 0;
  const others = ({ attrs, args: [x] }: Tensor) =>
    ["before", "after", "between"].map((name) => list(attrs[name]).toSpliced(axis, 1)).join(" ") +
    ` ${x!.shape.toSpliced(axis, 1)}`;
  const joined = groupBy(parts.filter(isStrip), others).flatMap((group) => {
    const [{ attrs, shape }] = group as [Tensor];
    if (group.length <= FEW) return group;
    const strips = group.map(({ attrs: { before }, args: [x] }): Strip => {
      const from = list(before)[axis]!;
      return { from, to: from + x!.shape[axis]!, x: x! };
    });
    const whole = { before: list(attrs.before), after: list(attrs.after) };
    return packIntoRows(strips).map((row) => {
      const x = fill(row, axis, shape[axis]!);
      const around = [whole.before, whole.after].map((widths) => widths.with(axis, 0));
      if (around.flat().every((n) => n === 0) && list(attrs.between).every((n) => n === 0)) {
        return x;
      }
      return apply(VIEW_OPS.pad, [x], {
        before: around[0]!,
        after: around[1]!,
        between: [...list(attrs.between)],
      });
    });
  });
  return [...parts.filter((x) => !isStrip(x)), ...joined];
}

/**
 * The sum of tensors of one shape: up to {@linkcode FEW} are added in order; more are first merged where
 * that is cheaper.
 *
 * @param depth How many nested views to search.
 */
export function sumCotangents(parts: readonly Tensor[], depth = DEPTH): Tensor {
  if (parts.length <= FEW || depth === 0) return addInOrder(parts);
  let left = addScattered(addViewed(parts, depth));
  for (let axis = 0; axis < left[0]!.rank && left.length > 1; axis++) {
    left = joinPadded(joinStrided(left, axis, depth), axis);
  }
  return addInOrder(left);
}
