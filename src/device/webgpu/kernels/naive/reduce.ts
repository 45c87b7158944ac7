/**
 * Reductions and cumulative sums over the middle axis of [outer, n, inner], in a fixed order; a long axis
 * is first reduced to partial results, one thread each.
 *
 * @module
 */
import { load, readScratch, store } from "../accessors.ts";
import { MAX_ROUNDS, perElement, perWorkgroup } from "../entry_points.ts";
import { type Combine, type Dispatch, fold, type Kernel, kernel, type Lower } from "../kernel.ts";
import { joinParts } from "../partials.ts";
import { combineStrided } from "../strided.ts";
import { helperCall } from "../../wgsl/helper_call.ts";
import { workgroupArray } from "../../wgsl/module.ts";
import { symbol } from "../../wgsl/symbols.ts";
import type { DType } from "../../../../host_data.ts";
import type { Width } from "../../wgsl/types.ts";

/** The number of threads to aim at in the choice of partial results. */
const BUSY = 32768;
/** From this many outputs on, one thread per output combines the partial results. */
const MANY = 1024;
/** The fewest elements per thread. */
const MIN_RUN = 16;

/** How an axis is divided among threads. */
interface Division {
  /** The most partial results for one output, where a tree combines them and where one thread does. */
  readonly most: { readonly tree: number; readonly thread: number };
  /** The threads of a tree. */
  readonly threads: number;
  /** How many elements a thread loads before it combines them. */
  readonly atOnce: number;
}

/**
 * Software adapters run threads one after another, and each element's load as it comes. A GPU waits some
 * hundred cycles for a load: the axis of a bias's gradient, 131,072 long, is divided among more threads, each
 * of which has several loads under way.
 */
const DIVISIONS: Readonly<Record<"software" | "hardware", Division>> = {
  software: { most: { tree: 512, thread: 512 }, threads: 64, atOnce: 1 },
  hardware: { most: { tree: 4096, thread: 64 }, threads: 256, atOnce: 8 },
};

/**
 * Combines every part-th element of an axis, of groups of `width` inner elements, and stores result [part,
 * outer, inner]. Neighboring threads take neighboring elements: of the same row if `inner` is small.
 */
function loop(
  [outer, n, inner]: readonly [number, number, number],
  parts: number,
  width: Width,
  combine: (a: string, b: string) => string,
  read: string,
  atOnce: number,
): Pick<Dispatch, "entry" | "workgroups"> {
  const groups = inner / width;
  return perElement(
    parts * outer * groups,
    `  let row = i / ${parts * groups}u;
  let rest = i - row * ${parts * groups}u;
  let part = rest / ${groups}u;
  let column = rest - part * ${groups}u;
  let at = row * ${n * groups}u + column;
  var result = ${read}(at + part * ${groups}u);
${
      combineStrided({
        name: "result",
        first: `part + ${parts}u`,
        step: parts,
        end: n,
        atOnce: Math.min(atOnce, Math.max(1, Math.ceil(n / parts) - 1)),
        read: (k) => `${read}(at + (${k}) * ${groups}u)`,
        combine,
      })
    }
  ${store(width)}(${
      parts === 1 ? "i" : `part * ${outer * groups}u + row * ${groups}u + column`
    }, result);`,
  );
}

const reduce =
  (combine: Combine): Lower =>
  ({ args: [{ shape, dtype }], vectorized, vectorizedStore, fewPipelines }) => {
    const [outer, n, inner] = shape, outputs = outer * inner;
    const { most, threads, atOnce } = DIVISIONS[fewPipelines ? "software" : "hardware"];
    const parts = n < 4 * MIN_RUN ? 1 : Math.max(
      Math.ceil(n / MAX_ROUNDS),
      Math.min(
        most[outputs >= MANY ? "thread" : "tree"],
        Math.floor(n / MIN_RUN),
        Math.ceil(BUSY * (fewPipelines || inner % 4 !== 0 ? 1 : 4) / outputs),
      ),
    );
    const width: Width = vectorized[0] && inner % 4 === 0 && (parts > 1 || vectorizedStore) ? 4 : 1;
    const by = (width: Width) => (a: string, b: string) => combine(a, b, dtype, width);
    const argument = { argument: 0, width }, read = load(0, width);
    if (parts === 1) {
      return {
        dispatches: [{
          ...loop([outer, n, inner], 1, width, by(width), read, atOnce),
          loads: [argument],
          writes: { width },
        }],
      };
    }
    const joined: Width = vectorizedStore && outputs % 4 === 0 ? 4 : 1;
    const join = outputs >= MANY ? joinParts(parts, outputs, joined, by(joined), atOnce) : {
      ...tree(parts, outputs, by(1), dtype, threads),
      loads: [],
      scratchReads: [{ scratch: 0, width: 1 as const }],
      writes: { width: 1 as const },
    };
    return {
      scratch: [{ size: parts * outputs, dtype }],
      dispatches: [
        {
          ...loop([outer, n, inner], parts, width, by(width), read, atOnce),
          loads: [argument],
          writes: { scratch: 0, width },
        },
        join,
      ],
    };
  };

/** One workgroup per output: strided runs, then a tree. */
function tree(
  parts: number,
  outputs: number,
  combine: (a: string, b: string) => string,
  dtype: DType,
  threads: number,
): Pick<Dispatch, "entry" | "workgroups" | "declarations"> {
  const rows = Math.ceil(outputs / 65535), columns = Math.ceil(outputs / rows);
  const sums = symbol("shared_sum"), scratch = readScratch(0);
  const halves = Array.from({ length: Math.log2(threads) }, (_, k) => threads >> (k + 1)).map((
    half,
  ) =>
    `  if (thread < ${half}u && thread + ${half}u < ${
      Math.min(parts, threads)
    }u) { ${sums}[thread] = ${combine(`${sums}[thread]`, `${sums}[thread + ${half}u]`)}; }
  workgroupBarrier();`
  ).join("\n");
  return {
    workgroups: [columns, rows, 1],
    declarations: [workgroupArray("shared_sum", dtype, threads)],
    entry: perWorkgroup(
      threads,
      `  let i = group.x + group.y * ${columns}u;
  if (i < ${outputs}u && thread < ${parts}u) {
    var result = ${scratch}[thread * ${outputs}u + i];
    for (var k = thread + ${threads}u; k < ${parts}u; k += ${threads}u) {
      result = ${combine("result", `${scratch}[k * ${outputs}u + i]`)};
    }
    ${sums}[thread] = result;
  }
  workgroupBarrier();
${halves}
  if (i < ${outputs}u && thread == 0u) { ${store()}(i, ${sums}[0]); }`,
    ),
  };
}

/** Sums. */
export const sum: Kernel = fold(["any"], (a, b) => `${a} + ${b}`, reduce);

/** Maxima; NaN if any element is NaN. */
export const max: Kernel = fold(
  ["any"],
  (a, b, dtype, width) =>
    dtype === "f32" ? helperCall("max_or_nan", width, `${a}, ${b}`) : `max(${a}, ${b})`,
  reduce,
);

const isNaN1 = (x: string) => helperCall("is_nan", 1, x);

/** Indices of maxima: first of runs of the axis, then among these. */
export const argMax: Kernel = kernel(["any"], ({ args: [{ shape: [outer, n, inner], dtype }] }) => {
  const outputs = outer * inner, parts = Math.ceil(n / MAX_ROUNDS);
  const at = `  let row = i / ${inner}u;
  let at = row * ${n * inner}u + i - row * ${inner}u;`;
  const argument = { argument: 0, width: 1 as const };
  // The first NaN wins over everything.
  const better = dtype === "f32"
    ? `!${isNaN1("best")} && (v > best || ${isNaN1("v")})`
    : "v > best";
  const scan = `  var place = first;
  var best = ${load(0)}(at + place * ${inner}u);
  for (var k = first + 1u; k < end; k++) {
    let v = ${load(0)}(at + k * ${inner}u);
    if (${better}) { best = v; place = k; }
  }`;
  if (parts === 1) {
    const lines =
      `${at}\n  let first = 0u;\n  let end = ${n}u;\n${scan}\n  ${store()}(i, i32(place));`;
    return {
      dispatches: [{ ...perElement(outputs, lines), loads: [argument], writes: { width: 1 } }],
    };
  }
  return {
    scratch: [{ size: parts * outputs, dtype: "i32" }],
    dispatches: [
      {
        ...perElement(
          parts * outputs,
          `  let part = i / ${outputs}u;
  let first = part * ${MAX_ROUNDS}u;
  let end = min(first + ${MAX_ROUNDS}u, ${n}u);
  { let whole = i; let i = whole - part * ${outputs}u;
${at}
${scan}
  ${store()}(whole, i32(place)); }`,
        ),
        loads: [argument],
        writes: { scratch: 0, width: 1 },
      },
      {
        ...perElement(
          outputs,
          `${at}
  var place = ${readScratch(0)}[i];
  var best = ${load(0)}(at + u32(place) * ${inner}u);
  for (var part = 1u; part < ${parts}u; part++) {
    let k = ${readScratch(0)}[part * ${outputs}u + i];
    let v = ${load(0)}(at + u32(k) * ${inner}u);
    if (${better}) { best = v; place = k; }
  }
  ${store()}(i, place);`,
        ),
        loads: [argument],
        scratchReads: [{ scratch: 0, width: 1 }],
        writes: { width: 1 },
      },
    ],
  };
});

/** From this length on, the sum over an axis is split into parts. */
const LONG = 128;

/**
 * Cumulative sums, with `reverse` from the end of the axis: first the sums of parts of the axis, then each
 * part starting from the sum of the parts before it.
 */
export const cumSum: Kernel = kernel(["view"], ({ args: [{ shape, dtype }], attrs }) => {
  const [outer, n, inner] = shape, columns = outer * inner;
  const parts = n < LONG ? 1 : Math.max(
    Math.ceil(2 * n / MAX_ROUNDS),
    Math.min(Math.ceil(Math.sqrt(n)), Math.ceil(BUSY / columns)),
  );
  const run = Math.ceil(n / parts), argument = { argument: 0, width: 1 as const };
  /** Adds the elements of part `part` in column `column`. */
  const scan = (start: string, each: string) =>
    `  let part = i / ${columns}u;
  let column = i - part * ${columns}u;
  let row = column / ${inner}u;
  let at = row * ${n * inner}u + column - row * ${inner}u;
  var total = ${dtype}();
${start}  for (var k = part * ${run}u; k < min((part + 1u) * ${run}u, ${n}u); k++) {
    let place = at + ${attrs.reverse ? `(${n - 1}u - k)` : "k"} * ${inner}u;
    total += ${load(0)}(place);
${each}  }`;
  const keep = `    ${store()}(place, total);\n`;
  if (parts === 1) {
    return {
      dispatches: [{
        ...perElement(columns, scan("", keep)),
        loads: [argument],
        writes: { width: 1 },
      }],
    };
  }
  const before = `  for (var p = 0u; p < part; p++) {
    total += ${readScratch(0)}[p * ${columns}u + column];
  }
`;
  return {
    scratch: [{ size: parts * columns, dtype }],
    dispatches: [
      {
        ...perElement(parts * columns, `${scan("", "")}\n  ${store()}(i, total);`),
        loads: [argument],
        writes: { scratch: 0, width: 1 },
      },
      {
        ...perElement(parts * columns, scan(before, keep)),
        loads: [argument],
        scratchReads: [{ scratch: 0, width: 1 }],
        writes: { width: 1 },
      },
    ],
  };
});
