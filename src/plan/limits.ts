/**
 * Limits of a step: the size of its code, and the slots that it binds.
 *
 * @module
 */
import { isPadded } from "./axes.ts";
import { type Expr, visitExpr } from "./expr.ts";
import { allStores, type Policy, readSlots, type Step } from "./plan.ts";

/** Scratch buffers that a kernel may bind in addition. */
const SCRATCH = 2;

/** The most subexpressions of a step; beyond this, compile time grows faster than linearly. */
const MAX_PARTS = 512;

/** The weight of a padded view: each is a branch, and compilers limit the nesting of branches. */
export const PADDED = 8;

/** The number of distinct subexpressions of a step, weighted. */
function countParts(step: Step): number {
  const seen = new Set<Expr>();
  let parts = 0;
  const count = (e: Expr) => parts += e.kind === "view" && isPadded(e.view) ? PADDED : 1;
  for (const { expr } of step.kernel?.args ?? []) visitExpr(expr, count, seen);
  for (const { store } of allStores(step)) visitExpr(store, count, seen);
  return parts;
}

/** Whether a step is small enough to compile, and a device can bind all that it reads and stores. */
export function isBindable(step: Step, { maxLoads, maxBuffers = Infinity }: Policy): boolean {
  if (countParts(step) > MAX_PARTS) return false;
  const loads = readSlots(step).length, scratch = step.kernel ? SCRATCH : 0;
  // A slot may be bound twice, for single elements and for vectors.
  return loads <= maxLoads && 2 * loads + allStores(step).length + scratch <= maxBuffers;
}
