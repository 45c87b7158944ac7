/**
 * Static analysis of expressions: constant folding, and whether NaN may occur.
 *
 * @module
 */
import { isBounded, mergeAxes } from "../plan/axes.ts";
import type { Expr } from "../plan/expr.ts";
import { ARRAYS, type DType } from "../host_data.ts";

/** A number rounded to a type. */
const rounded = (value: number, dtype: DType): number => ARRAYS[dtype].of(value)[0]!;

const constants = new WeakMap<Expr, number | "varies">();

/** The value of all elements of an expression, if it is constant; else undefined. */
export function constantValue(e: Expr): number | undefined {
  let known = constants.get(e);
  if (known === undefined) constants.set(e, known = findConstant(e) ?? "varies");
  return known === "varies" ? undefined : known;
}

function findConstant(e: Expr): number | undefined {
  if (e.kind === "view") {
    return mergeAxes(e.view).some(isBounded) ? undefined : constantValue(e.source);
  }
  if (e.kind === "constant") return rounded(e.value, e.dtype);
  if (e.kind !== "map" || e.op.indexed) return undefined;
  const args: number[] = [];
  for (const arg of e.args) {
    const value = constantValue(arg);
    if (value === undefined) return undefined;
    args.push(value);
  }
  const f = e.op.reference(e.attrs, e.dtype);
  return rounded(f(args[0]!, args[1]!, args[2]!, 0), e.dtype);
}

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
  const constant = constantValue(e);
  if (constant !== undefined) return Number.isNaN(constant);
  if (e.kind !== "map" || !e.op.nanFrom) return true;
  return e.op.nanFrom.some((k) => mayBeNaN(e.args[k]!));
}
