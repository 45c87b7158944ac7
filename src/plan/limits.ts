/**
 * How large a step may be, and how much it may bind.
 *
 * @module
 */
import { isPadded } from "./axes.ts";
import { type Expr, visitExpr } from "./expr.ts";
import { allStores, type Policy, readSlots, type Step } from "./plan.ts";

/** Scratch buffers that a kernel may bind besides. */
const SCRATCH = 2;

/** The most parts of a step's expressions: beyond, what code and its compilation cost grows faster. */
const MAX_PARTS = 512;

/** What a padded view counts as: each is a branch, and compilers limit how deep branches nest. */
export const PADDED = 8;

/** How many parts the expressions of a step have, each counted once. */
function countParts(step: Step): number {
  const seen = new Set<Expr>();
  let parts = 0;
  const count = (e: Expr) => parts += e.kind === "view" && isPadded(e.view) ? PADDED : 1;
  for (const { expr } of step.kernel?.args ?? []) visitExpr(expr, count, seen);
  for (const { store } of allStores(step)) visitExpr(store, count, seen);
  return parts;
}

/** Whether a step is of a size to be compiled, and a device can bind all that it reads and stores. */
export function isBindable(step: Step, { maxLoads, maxBuffers = Infinity }: Policy): boolean {
  if (countParts(step) > MAX_PARTS) return false;
  const loads = readSlots(step).length, scratch = step.kernel ? SCRATCH : 0;
  // A slot may be bound twice, for single elements and for vectors.
  return loads <= maxLoads && 2 * loads + allStores(step).length + scratch <= maxBuffers;
}
