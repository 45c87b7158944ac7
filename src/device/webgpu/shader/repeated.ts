/**
 * Stages values that repeat among a workgroup's results, such as biases, in workgroup memory, where they
 * are read at constant indices.
 *
 * @module
 */
import { type Axis, isBounded, mergeAxes } from "../../../plan/axes.ts";
import { type Expr, visitExpr } from "../../../plan/expr.ts";
import type { Repeats } from "../kernels/kernel.ts";
import { type Declaration, fn, workgroupArray } from "../wgsl/module.ts";
import { symbol } from "../wgsl/symbols.ts";
import { typeOf, type Width } from "../wgsl/types.ts";
import type { Emitter } from "./emitter.ts";

/** Whether the elements of a view repeat with a period. */
function isPeriodic({ view }: Expr & { kind: "view" }, period: number): boolean {
  const axes = mergeAxes(view), last = axes.at(-1);
  const still = (axis: Axis) => axis.stride === 0 && !isBounded(axis);
  return axes.every(still) ||
    last?.size === period && !isBounded(last) && axes.slice(0, -1).every(still);
}

/** The subexpressions whose elements repeat with a period. */
function repeatedIn(all: readonly Expr[], period: number): readonly Expr[] {
  const repeated = new Set<Expr>(), seen = new Set<Expr>();
  for (const root of all) {
    visitExpr(root, (e) => {
      if (e.kind === "view" && e.size === root.size && isPeriodic(e, period)) repeated.add(e);
    }, seen);
  }
  return [...repeated];
}

/** The declarations of `prepare`, and the text that reads each repeated subexpression at index `j`. */
export interface Repeated {
  readonly declarations: readonly Declaration[];
  readonly texts: ReadonlyMap<Expr, string>;
}

/** Emits `prepare`, which a kernel calls before its barrier. */
export function prepareRepeated(
  all: readonly Expr[],
  { period, own }: Repeats,
  width: Width,
  emitter: Emitter,
): Repeated {
  const repeated = repeatedIn(all, period), nameOf = (k: number) => `repeated${k}`;
  const { lines, values } = emitter.bodies(repeated, "i", width);
  const puts = values.map((value, k) => `  ${symbol(nameOf(k))}[thread] = ${value};`);
  return {
    declarations: [
      ...repeated.map(({ dtype }, k) => workgroupArray(nameOf(k), typeOf(dtype, width), own)),
      fn(
        "prepare",
        "(thread: u32, first: u32)",
        `  if (thread < ${own}u) {
  let i = first + thread;
${[lines, ...puts].join("\n")}
  }`,
      ),
    ],
    texts: new Map(repeated.map((e, k) => [e, `${symbol(nameOf(k))}[j]`])),
  };
}
