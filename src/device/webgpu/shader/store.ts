/**
 * How a shader stores: the function that its kernel calls with what it computed, and all that follows on it.
 *
 * @module
 */
import { type Axis, isBounded, mergeAxes } from "../../../plan/axes.ts";
import { asConcatenation, type Concatenation } from "../../../plan/piecewise/concatenation.ts";
import { allStores, type KernelUse, type Step } from "../../../plan/plan.ts";
import { type Expr, visitExpr } from "../../../plan/expr.ts";
import { sizeOf } from "../../../shape.ts";
import type { DType } from "../../../host_data.ts";
import { canWiden, type Emitter } from "./emitter.ts";
import {
  type Dispatch,
  type Repeats,
  type Scratch,
  suffix as suffixOf,
} from "../kernels/kernel.ts";
import { typeOf, type Width } from "../wgsl/instructions.ts";
import type { Binding } from "./program.ts";

/** Whether an expression can be computed, and stored, four elements at a time. */
export const wideEnough = (expr: Expr): boolean => expr.size % 4 === 0 && canWiden(expr);

/** What is stored at once: one element, or group of four, of each piece that is put beside others. */
export interface Stored {
  readonly pieces?: Concatenation;
  readonly width: Width;
}

/** What a step stores at once, if its kernel can. */
export function storedOf(step: Step): Stored {
  const { region } = step, pieces = step.also || region ? undefined : asConcatenation(step.store);
  const all = pieces?.pieces ?? allStores(step).map(({ store }) => store);
  const inner = [
    pieces?.inner ?? 4,
    step.kernel?.pieces?.inner ?? 4,
    ...(region ? [region.offset, region.inner, region.stride] : []),
  ];
  const width: Width = inner.every((n) => n % 4 === 0) && all.every(wideEnough) ? 4 : 1;
  return { width, ...(pieces && { pieces }) };
}

/** Where the elements, or groups of four, of all pieces are stored that belong to the index `i`. */
function placesOf({ pieces, inner }: Concatenation, width: Width, emitter: Emitter): string[] {
  const step = inner / width, between = emitter.quotient("i", step, pieces[0]!.size / width);
  const first = `i + ${between} * ${emitter.size((pieces.length - 1) * step)}`;
  return pieces.map((_, k) => `${first} + ${emitter.size(k * step)}`);
}

/** Where the element, or group of four, of index `i` is stored in a region. */
function regionOf({ region, spec }: Step, width: Width, emitter: Emitter): string {
  const { offset, inner, stride } = region!, rows = sizeOf(spec.shape) / inner;
  const first = `i + ${emitter.offset(offset / width)}`;
  if (rows === 1) return first;
  const row = emitter.quotient("i", inner / width, sizeOf(spec.shape) / width);
  return `${first} + ${row} * ${emitter.size((stride - inner) / width)}`;
}

/** The names by which a store is told what a kernel computed. */
function resultsOf(kernel: KernelUse | undefined): string[] {
  const count = kernel?.pieces?.count;
  return count ? Array.from({ length: count }, (_, k) => `result${k}`) : ["result"];
}

/** Whether the elements of a view are the same after every so many. */
function isPeriodic({ view }: Expr & { kind: "view" }, period: number): boolean {
  const axes = mergeAxes(view), last = axes.at(-1);
  const still = (axis: Axis) => axis.stride === 0 && !isBounded(axis);
  return axes.every(still) ||
    last?.size === period && !isBounded(last) && axes.slice(0, -1).every(still);
}

/**
 * Writes `prepare`, which puts what repeats, such as biases, into workgroup memory, where reading it with
 * constant indices costs nothing. Gives the names by which expressions find it.
 */
function prepare(
  all: readonly Expr[],
  { period, own }: Repeats,
  width: Width,
  emitter: Emitter,
  functions: string[],
): ReadonlyMap<Expr, string> {
  const repeated = new Set<Expr>(), seen = new Set<Expr>();
  for (const root of all) {
    visitExpr(root, (e) => {
      if (e.kind === "view" && e.size === root.size && isPeriodic(e, period)) repeated.add(e);
    }, seen);
  }
  const { lines, values } = emitter.bodies([...repeated], "i", width);
  const arrays = [...repeated].map(({ dtype }, k) =>
    `var<workgroup> repeated${k}: array<${typeOf(dtype, width)}, ${own}>;`
  );
  const puts = values.map((value, k) => `  repeated${k}[thread] = ${value};`);
  functions.push(
    ...arrays,
    `fn prepare(thread: u32, first: u32) {
  if (thread < ${own}u) {
  let i = first + thread;
${[lines, ...puts].join("\n")}
  }
}`,
  );
  return new Map([...repeated].map((e, k) => [e, `repeated${k}[j]`]));
}

/** What a program stores to. */
export interface Target {
  readonly name: string;
  readonly dtype: DType;
  readonly binding: Binding;
}

/** The functions `store` and `stored` of a dispatch, and what they store to. */
export function storesIn(
  step: Step,
  { scratch, width, accumulates, repeats }: Dispatch["writes"],
  buffers: readonly Scratch[],
  pieces: Concatenation | undefined,
  emitter: Emitter,
): { readonly targets: readonly Target[]; readonly functions: readonly string[] } {
  const name = `store${suffixOf(width)}`, functions: string[] = [];
  const read = (dtype: DType) =>
    `fn stored(i: u32) -> ${typeOf(dtype, width)} { return target_buffer[i]; }`;
  if (scratch !== undefined) {
    const dtype = buffers[scratch]!.dtype ?? "f32", binding: Binding = { scratch, access: "write" };
    return {
      targets: [{ name: "target_buffer", dtype, binding }],
      functions: [
        storeOf(name, ["i: u32", `result: ${typeOf(dtype, width)}`], "", [
          ["target_buffer[i]", "result"],
        ]),
        ...(accumulates ? [read(dtype)] : []),
      ],
    };
  }
  const stores = allStores(step), all = pieces?.pieces ?? stores.map(({ store }) => store);
  const targets = stores.map(({ slot, store: { dtype } }, k): Target => ({
    name: `target_buffer${k || ""}`,
    dtype,
    binding: { slot, access: "write" },
  }));
  const given = repeats && prepare(all, repeats, width, emitter, functions);
  const { lines, values } = emitter.bodies(all, "i", width, "result", given);
  const places = pieces
    ? placesOf(pieces, width, emitter).map((place) => `target_buffer[${place}]`)
    : targets.map(({ name }) => `${name}[${step.region ? regionOf(step, width, emitter) : "i"}]`);
  const type = typeOf(step.kernel?.spec.dtype ?? "f32", width);
  const told = ["i: u32", ...(repeats ? ["j: u32"] : [])];
  for (const result of resultsOf(step.kernel)) told.push(`${result}: ${type}`);
  functions.push(storeOf(name, told, lines, places.map((place, k) => [place, values[k]!])));
  if (accumulates) functions.push(read(targets[0]!.dtype));
  return { targets, functions };
}

/** The text of a store; the same for a plain one to the result as for one to scratch. */
const storeOf = (
  name: string,
  told: readonly string[],
  lines: string,
  puts: readonly (readonly [place: string, value: string])[],
): string =>
  `fn ${name}(${told.join(", ")}) {
${[lines, ...puts.map(([place, value]) => `  ${place} = ${value};`)].join("\n")}
}`;
