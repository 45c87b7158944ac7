/**
 * What is known of an expression's numbers before it is computed.
 *
 * @module
 */
import { type ScalarName, SCALARS } from "../ops/mod.ts";
import { isBounded, mergeAxes } from "../plan/axes.ts";
import type { Expr } from "../plan/expr.ts";
import { ARRAYS, type DType } from "../host_data.ts";

/** A number rounded to a type, as a device holds it. */
const rounded = (value: number, dtype: DType): number => ARRAYS[dtype].of(value)[0]!;

const constants = new WeakMap<Expr, number | "varies">();

/** The number that every element of an expression is; undefined if they may differ. */
export function constantOf(e: Expr): number | undefined {
  let known = constants.get(e);
  if (known === undefined) constants.set(e, known = findConstant(e) ?? "varies");
  return known === "varies" ? undefined : known;
}

function findConstant(e: Expr): number | undefined {
  if (e.kind === "view") {
    return mergeAxes(e.view).some(isBounded) ? undefined : constantOf(e.source);
  }
  if (e.kind !== "map" || e.name === "iota") return undefined;
  const args: number[] = [];
  for (const arg of e.args) {
    const value = constantOf(arg);
    if (value === undefined) return undefined;
    args.push(value);
  }
  const f = SCALARS[e.name as ScalarName].reference(e.attrs, e.dtype);
  return rounded(f(args[0]!, args[1]!, args[2]!, 0), e.dtype);
}

/** Instructions that give NaN only for NaN. */
const KEEPS: ReadonlySet<string> = new Set<ScalarName>([
  "neg",
  "exp",
  "tanh",
  "sigmoid",
  "abs",
  "floor",
  "maximum",
  "minimum",
]);

const nans = new WeakMap<Expr, boolean>();

/** Whether an element of an expression may be NaN. */
export function mayBeNaN(e: Expr): boolean {
  let known = nans.get(e);
  if (known === undefined) nans.set(e, known = findNaN(e));
  return known;
}

function findNaN(e: Expr): boolean {
  if (e.dtype !== "f32") return false;
  if (e.kind === "view") return mayBeNaN(e.source);
  if (e.kind !== "map") return true;
  const constant = constantOf(e);
  if (constant !== undefined) return Number.isNaN(constant);
  if (e.name === "iota" || e.name === "sign" || e.name === "cast") return false;
  if (e.name === "where") return e.args.slice(1).some(mayBeNaN);
  return KEEPS.has(e.name) ? e.args.some(mayBeNaN) : true;
}
