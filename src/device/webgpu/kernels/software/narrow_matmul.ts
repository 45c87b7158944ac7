/**
 * Matrix products with few rows or few columns on software adapters. The narrow operand is staged in
 * workgroup memory and read at constant indices by unrolled code; threads lie along the other one, whose
 * memory they read four elements at a time: of neighboring rows (or columns), or of the contracted axis. The
 * contracted axis is divided among workgroups, whose sums are added in order.
 *
 * @module
 */
import { sizeOf } from "../../../../shape.ts";
import { workgroupArray } from "../../wgsl/module.ts";
import { symbol } from "../../wgsl/symbols.ts";
import { floats, image as imageAccessor, load, store } from "../accessors.ts";
import { perWorkgroup, unrolled } from "../entry_points.ts";
import type { Dispatch, KernelContext, Load, Lowered } from "../kernel.ts";
import { sumParts } from "../partials.ts";
import type { Width } from "../../wgsl/types.ts";
import { directImage } from "./correlation_image.ts";

const THREADS = 64;
/** The most unrolled products of a thread, and the most of the contracted axis. */
const MAX_PRODUCTS = 2400, MAX_DEPTH = 256;
/**
 * The most of the narrow side in a thread, whose accumulators have to fit into vector registers beside what
 * is read: with four of the other side, and with one.
 */
const NARROW = { fours: 6, ones: 16 };

/** A product whose narrow side is staged. */
interface NarrowProduct {
  readonly batch: number;
  /** The extents of the narrow side, of the other one, and of the contracted axis. */
  readonly narrow: number;
  readonly wide: number;
  readonly depth: number;
  /** The argument whose side is wide: rows of the first, or columns of the second. */
  readonly argument: 0 | 1;
  /** Whether the wide argument lies along the contracted axis in memory. */
  readonly deep: boolean;
  /** Whether it is read from a texture. */
  readonly texture: boolean;
  readonly loads: readonly Load[];
}

/** [batch, m, k] × [batch, k, n] → [batch, m, n]; undefined where the wide side is not in fours. */
export function narrowMatmul(context: KernelContext): Lowered | undefined {
  const product = describe(context);
  if (!product) return undefined;
  const { batch, narrow, wide, depth, deep } = product;
  const most = NARROW[deep ? "ones" : "fours"];
  const own = Math.ceil(narrow / Math.ceil(narrow / most)),
    tile = deep ? Math.ceil(own / 4) * 4 : own;
  const limit = Math.min(MAX_DEPTH, Math.floor(MAX_PRODUCTS / (deep ? tile : 4 * tile)));
  const step = divideDepth(depth, limit), whole = Math.floor(depth / step), rest = depth % step;
  const outputs = sizeOf(context.spec.shape), parts = whole + (rest ? 1 : 0);
  const width: Width = outputs % 4 === 0 && context.vectorizedStore ? 4 : 1;
  const tiles = Math.ceil(narrow / tile);
  const part = (first: number, count: number, size: number): Dispatch => ({
    ...writeShader(product, { tile, size, first, step, outputs, tiles }),
    workgroups: [Math.ceil(wide / (deep ? 1 : 4) / THREADS), count, batch * tiles],
    loads: [...product.loads, { argument: 1 - product.argument, width: 1 }],
    writes: { width: 1, ...(parts > 1 && { scratch: 0 }) },
  });
  const dispatches = [part(0, whole, step), ...(rest ? [part(whole, 1, rest)] : [])];
  if (parts === 1) return { dispatches };
  return {
    scratch: [{ size: parts * outputs }],
    dispatches: [...dispatches, sumParts(parts, outputs, width)],
  };
}

/** The product as its wide side is read; undefined where that is not possible in fours. */
function describe(context: KernelContext): NarrowProduct | undefined {
  const [batch, m, depth] = context.args[0].shape, n = context.args[1].shape[2];
  const argument = m >= n ? 0 : 1, [wide, narrow] = argument === 0 ? [m, n] : [n, m];
  const turned = context.transposed[argument];
  const deep = (argument === 0) === (turned === undefined);
  const fours = (deep ? depth : wide) % 4 === 0 && (turned ?? context.vectorized[argument]!);
  if (!fours) return undefined;
  const [height, groupIn] = deep ? [wide, depth] : [depth, wide];
  const image = turned === undefined
    ? directImage(context, { batch, height, width: 1, groups: 1, groupIn }, argument)
    : undefined;
  return {
    batch,
    narrow,
    wide,
    depth,
    argument,
    deep,
    texture: image !== undefined,
    loads: [{
      argument,
      width: 4,
      ...(image && { image }),
      ...(turned !== undefined && { transposed: true }),
    }],
  };
}

/** A part of the contracted axis: a divisor of it, in fours, of at least half the limit; else the limit. */
function divideDepth(depth: number, limit: number): number {
  const most = Math.min(depth, Math.max(4, Math.floor(limit / 4) * 4));
  for (let size = most; size >= most / 2; size -= 4) if (depth % size === 0) return size;
  return most;
}

/** What a dispatch computes. */
interface Part {
  /** The extent of the narrow side in a thread, and the tiles of it. */
  readonly tile: number;
  readonly tiles: number;
  /** The extent of the contracted axis, that of the parts before, and the number of the first. */
  readonly size: number;
  readonly step: number;
  readonly first: number;
  readonly outputs: number;
}

const STAGED = symbol("staged");

function writeShader(
  product: NarrowProduct,
  part: Part,
): Pick<Dispatch, "entry" | "declarations"> {
  const { deep, wide } = product, { tile, size, tiles, first, step } = part;
  const count = deep ? size * tile / 4 : size * tile, threads = deep ? wide : wide / 4;
  const body = `  let batch = group.z / ${tiles}u;
  let narrow0 = (group.z - batch * ${tiles}u) * ${tile}u;
  let part = group.y + ${first}u;
  let depth0 = part * ${step}u;
${stage(product, part, count)}
  workgroupBarrier();
  let own = group.x * ${THREADS}u + thread;
  let at = min(own, ${threads - 1}u);
${(deep ? alongDepth : alongLanes)(product, part).join("\n")}
  if (own < ${threads}u) {
${stores(product, part).join("\n")}
  }`;
  return {
    declarations: [workgroupArray("staged", floats(deep ? 4 : 1), count)],
    entry: perWorkgroup(THREADS, body),
  };
}

/** Copies a part of the narrow operand into workgroup memory, as vectors of its side if `deep`. */
function stage(
  { argument, narrow, depth, deep }: NarrowProduct,
  { tile }: Part,
  count: number,
): string {
  const element = (line: string) => {
    const at = argument === 0
      ? `(batch * ${depth}u + depth0 + k) * ${narrow}u + ${line}`
      : `(batch * ${narrow}u + ${line}) * ${depth}u + depth0 + k`;
    return `${load(1 - argument)}(${at})`;
  };
  const read = (target: string, line: string) =>
    narrow % tile === 0
      ? `${target} = ${element(line)};`
      : `if (${line} < ${narrow}u) { ${target} = ${element(line)}; }`;
  const per = deep ? tile / 4 : tile;
  return unrolled(count, THREADS, (t) =>
    `let t = ${t};
    let k = t / ${per}u;
    let line = narrow0 + (t - k * ${per}u)${deep ? " * 4u" : ""};
    var value = ${floats(deep ? 4 : 1)}();
    ${
      deep
        ? [0, 1, 2, 3].map((e) => read(`value[${e}]`, `(line + ${e}u)`)).join("\n    ")
        : read("value", "line")
    }
    ${STAGED}[t] = value;`);
}

/** The text of four elements of the wide operand, by row and group of four in its memory. */
function readWide(
  { argument, texture, deep, wide, depth }: NarrowProduct,
  row: string,
  four: string,
): string {
  const [rows, fours] = deep ? [wide, depth / 4] : [depth, wide / 4];
  return texture
    ? `${imageAccessor(argument)}(i32(${four}), i32(${row}), batch)`
    : `${load(argument, 4)}((batch * ${rows}u + ${row}) * ${fours}u + ${four})`;
}

/** A thread has four neighbors of the wide side: a sum of four for each of the narrow. */
function alongLanes(product: NarrowProduct, { tile, size }: Part): string[] {
  const lines = Array.from({ length: tile }, (_, r) => `  var sum${r} = vec4<f32>();`);
  for (let k = 0; k < size; k++) {
    lines.push(`  let b${k} = ${readWide(product, `(depth0 + ${k}u)`, "at")};`);
    for (let r = 0; r < tile; r++) {
      lines.push(`  sum${r} = fma(vec4<f32>(${STAGED}[${k * tile + r}]), b${k}, sum${r});`);
    }
  }
  return lines;
}

/** A thread has one of the wide side: sums of four of the narrow. */
function alongDepth(product: NarrowProduct, { tile, size }: Part): string[] {
  const vectors = tile / 4;
  const lines = Array.from({ length: vectors }, (_, v) => `  var sum${v} = vec4<f32>();`);
  for (let k = 0; k < size; k += 4) {
    lines.push(`  let b${k} = ${readWide(product, "at", `(depth0 / 4u + ${k / 4}u)`)};`);
    for (let e = 0; e < 4; e++) {
      for (let v = 0; v < vectors; v++) {
        const staged = `${STAGED}[${(k + e) * vectors + v}]`;
        lines.push(`  sum${v} = fma(vec4<f32>(b${k}.${"xyzw"[e]}), ${staged}, sum${v});`);
      }
    }
  }
  return lines;
}

/** Stores a thread's sums. */
function stores(
  { argument, narrow, wide, deep }: NarrowProduct,
  { tile, outputs }: Part,
): string[] {
  const line = (r: number) => `narrow0 + ${r}u`;
  return Array.from({ length: tile }, (_, r) =>
    Array.from({ length: deep ? 1 : 4 }, (_, e) => {
      const lane = deep ? "at" : `(at * 4u + ${e}u)`;
      const sum = deep ? `sum${r >> 2}[${r & 3}]` : `sum${r}[${e}]`;
      const place = argument === 0
        ? `${lane} * ${narrow}u + ${line(r)}`
        : `(${line(r)}) * ${wide}u + ${lane}`;
      const text = `${store()}(part * ${outputs}u + batch * ${narrow * wide}u + ${place}, ${sum});`;
      return narrow % tile === 0 ? `    ${text}` : `    if (${line(r)} < ${narrow}u) { ${text} }`;
    })).flat();
}
