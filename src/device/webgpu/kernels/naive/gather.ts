/**
 * gather and scatterAdd: one thread per element of the result, or per four of it.
 *
 * @module
 */
import { outsideValue } from "../../../../ops/gather.ts";
import { sizeOf } from "../../../../shape.ts";
import { load, readScratch, store } from "../accessors.ts";
import { MAX_ROUNDS, perElement } from "../entry_points.ts";
import {
  type Dispatch,
  type Kernel,
  kernel,
  type KernelContext,
  type Lowered,
  type Scratch,
} from "../kernel.ts";
import { sumParts } from "../partials.ts";
import { literal } from "../../wgsl/literal.ts";
import { typeOf, type Width } from "../../wgsl/types.ts";

/** x [n, m], indices [k] → [k, m]. */
export const gather: Kernel = kernel(
  ["view", "view"],
  ({ args: [{ shape: [n, m], dtype }], attrs, spec, vectorized, vectorizedStore }) => {
    const width: Width = m % 4 === 0 && vectorized[0] && vectorizedStore ? 4 : 1, own = m / width;
    return {
      dispatches: [{
        ...perElement(
          sizeOf(spec.shape) / width,
          `  let k = i / ${own}u;
  let row = u32(${load(1)}(k));
  var v = ${literal(outsideValue(dtype, attrs), dtype, width)};
  if (row < ${n}u) { v = ${load(0, width)}(row * ${own}u + i - k * ${own}u); }
  ${store(width)}(i, v);`,
        ),
        loads: [{ argument: 0, width }, { argument: 1, width: 1 }],
        writes: { width },
      }],
    };
  },
);

/** Up to this many comparisons of an index with a row, elements look for their rows themselves. */
const FEW = 1 << 18;

/** indices [k], rows [k, m] → [n, m]: each element adds its rows in order, without atomics. */
export const scatterAdd: Kernel = kernel(["view", "any"], (context) => {
  const { args: [{ shape: [count] }], spec } = context;
  return count * sizeOf(spec.shape) <= FEW ? addFound(context) : addLinked(context);
});

/** The sum of the results of parts of the rows, or the only part itself. */
function joined(
  { spec }: KernelContext,
  parts: number,
  scratch: readonly Scratch[],
  before: readonly Dispatch[],
  { width, ...add }: Omit<Dispatch, "writes"> & { readonly width: Width },
): Lowered {
  if (parts === 1) return { scratch, dispatches: [...before, { ...add, writes: { width } }] };
  const outputs = sizeOf(spec.shape);
  return {
    scratch: [{ size: parts * outputs, dtype: spec.dtype }, ...scratch],
    dispatches: [
      ...before,
      { ...add, writes: { scratch: 0, width } },
      sumParts(parts, outputs, width),
    ],
  };
}

/** One dispatch, whose threads compare every index with their row. */
function addFound(context: KernelContext): Lowered {
  const { args: [{ shape: [count] }, { shape: [, m] }], spec } = context;
  const outputs = sizeOf(spec.shape), parts = Math.ceil(count / MAX_ROUNDS);
  const add = perElement(
    parts * outputs,
    `  let part = i / ${outputs}u;
  let element = i - part * ${outputs}u;
  let row = element / ${m}u;
  let column = element - row * ${m}u;
  var total = ${typeOf(spec.dtype, 1)}();
  for (var k = part * ${MAX_ROUNDS}u; k < min((part + 1u) * ${MAX_ROUNDS}u, ${count}u); k++) {
    if (u32(${load(0)}(k)) == row) { total += ${load(1)}(k * ${m}u + column); }
  }
  ${store()}(i, total);`,
  );
  const loads = [{ argument: 0, width: 1 as const }, { argument: 1, width: 1 as const }];
  return joined(context, parts, [], [], { ...add, loads, width: 1 });
}

/**
 * Indices of one row are linked to each other first, once for all columns: each to the next, and the row to
 * the first. Threads then follow their row's links.
 */
function addLinked(context: KernelContext): Lowered {
  const { args: [{ shape: [count] }, { shape: [, m] }], spec } = context;
  const width: Width = m % 4 === 0 && context.vectorized[1] && context.vectorizedStore ? 4 : 1;
  const outputs = sizeOf(spec.shape), n = outputs / m, parts = Math.ceil(count / MAX_ROUNDS);
  const groups = outputs / width, own = m / width;
  const place = parts > 1 ? 1 : 0, [first, next] = [place, place + 1];
  const scratch: Scratch[] = [
    { size: parts * n, dtype: "i32" },
    { size: count, dtype: "i32" },
  ];
  const indices = [{ argument: 0, width: 1 as const }];
  const clear: Dispatch = {
    ...perElement(parts * n, `  ${store()}(i, -1);`),
    loads: [],
    writes: { scratch: first, width: 1 },
  };
  const start: Dispatch = {
    ...perElement(
      count,
      `  let row = u32(${load(0)}(i));
  let part = i / ${MAX_ROUNDS}u;
  if (row < ${n}u) {
    var k = part * ${MAX_ROUNDS}u;
    while (k < i && u32(${load(0)}(k)) != row) { k++; }
    if (k == i) { ${store()}(part * ${n}u + row, i32(i)); }
  }`,
    ),
    loads: indices,
    writes: { scratch: first, width: 1 },
  };
  const link: Dispatch = {
    ...perElement(
      count,
      `  let row = u32(${load(0)}(i));
  let end = min((i / ${MAX_ROUNDS}u + 1u) * ${MAX_ROUNDS}u, ${count}u);
  var k = i + 1u;
  while (k < end && u32(${load(0)}(k)) != row) { k++; }
  ${store()}(i, select(-1, i32(k), k < end));`,
    ),
    loads: indices,
    writes: { scratch: next, width: 1 },
  };
  const add = perElement(
    parts * groups,
    `  let part = i / ${groups}u;
  let element = i - part * ${groups}u;
  let row = element / ${own}u;
  let column = element - row * ${own}u;
  var total = ${typeOf(spec.dtype, width)}();
  var k = ${readScratch(first)}[part * ${n}u + row];
  while (k >= 0) {
    total += ${load(1, width)}(u32(k) * ${own}u + column);
    k = ${readScratch(next)}[k];
  }
  ${store(width)}(i, total);`,
  );
  return joined(context, parts, scratch, [clear, start, link], {
    ...add,
    loads: [{ argument: 1, width }],
    width,
    scratchReads: [{ scratch: first, width: 1 }, { scratch: next, width: 1 }],
  });
}
