/**
 * Plans: what a graph becomes before a device sees it. Plain data, printable; no op is known by name.
 *
 * @module
 */
import type { Region } from "../ops/concat.ts";
import { sizeOf, type View } from "../shape.ts";
import { isPadded } from "./axes.ts";
import {
  asArg,
  asArgs,
  type Attrs,
  type DType,
  type KernelOp,
  showSpec,
  type Spec,
} from "../tensor.ts";

/** How the element at one index is computed from elements of slots. Shared parts are one object. */
export type Expr =
  & { readonly dtype: DType; readonly size: number }
  & (
    | { readonly kind: "load"; readonly slot: number }
    /** What the step's own kernel computed at this index: of the piece of that number, where it has pieces. */
    | { readonly kind: "result"; readonly piece?: number }
    | {
      readonly kind: "map";
      readonly name: string;
      readonly attrs: Attrs;
      readonly args: readonly Expr[];
    }
    | { readonly kind: "view"; readonly view: View; readonly source: Expr }
  );

/** How a kernel's result [outer, count, inner] is made of pieces. */
export interface Pieces {
  readonly count: number;
  readonly inner: number;
}

/** A kernel of a step, and how it reads its arguments. */
export interface KernelUse {
  readonly op: KernelOp;
  readonly attrs: Attrs;
  readonly args: readonly { readonly expr: Expr; readonly spec: Spec }[];
  readonly spec: Spec;
  /**
   * Given, the kernel's result is [outer, count, inner], and the step stores something at every index of
   * [outer, inner], made of the pieces there.
   */
  readonly pieces?: Pieces;
}

/** What is stored at every index of a slot. */
export interface Store {
  readonly store: Expr;
  readonly slot: number;
}

/** One step: an optional kernel, and what is stored at every index of one slot. */
export interface Step extends Store {
  /** The ops that were fused into this step, for errors and `explain`. */
  readonly label: string;
  readonly kernel?: KernelUse;
  readonly spec: Spec;
  /** Given, the step stores a part of its slot: where its elements lie there. */
  readonly region?: Region;
  /** What the step stores besides, in slots of the same size. */
  readonly also?: readonly Store[];
}

/** Where a slot's memory comes from. */
export type SlotKind = "input" | "constant" | "output" | "temporary";

/** A value in memory between steps. */
export interface Slot extends Spec {
  readonly kind: SlotKind;
  /** The input, constant or output that it is, by position. */
  readonly index: number;
}

/** An order of steps over slots. */
export interface Plan {
  readonly slots: readonly Slot[];
  readonly steps: readonly Step[];
}

/** How a kernel reads an argument: anything inlined, a view of a slot, or a slot as it lies. */
export type Access = "any" | "view" | "direct";

/** What a device asks of the planner. */
export interface Policy {
  readonly access: (op: KernelOp, argument: number) => Access;
  /** The most slots that one step may read. */
  readonly maxLoads: number;
  /** The most buffers that a step of several stores may use; absent where each step stores one slot. */
  readonly maxBuffers?: number;
}

/** Calls `visit` with an expression and everything below it, each once. */
export function visitExpr(root: Expr, visit: (expr: Expr) => void, seen = new Set<Expr>()) {
  if (seen.has(root)) return;
  seen.add(root);
  visit(root);
  if (root.kind === "map") { for (const arg of root.args) visitExpr(arg, visit, seen); }
  if (root.kind === "view") visitExpr(root.source, visit, seen);
}

/** Whether some part of an expression, or it itself, is what is looked for. */
export function isWithin(root: Expr, wanted: (expr: Expr) => boolean): boolean {
  let found = false;
  visitExpr(root, (e) => found ||= wanted(e));
  return found;
}

/** Copies expressions with other parts in place of some; what two share is shared afterwards. */
export function rewriter(replace: (expr: Expr) => Expr | undefined): (expr: Expr) => Expr {
  const known = new Map<Expr, Expr>();
  const make = (e: Expr): Expr => {
    const other = replace(e);
    if (other) return other;
    if (e.kind === "map") return { ...e, args: e.args.map(rewrite) };
    return e.kind === "view" ? { ...e, source: rewrite(e.source) } : e;
  };
  const rewrite = (e: Expr): Expr => {
    if (!known.has(e)) known.set(e, make(e));
    return known.get(e)!;
  };
  return rewrite;
}

/** The slots that an expression reads, each once. */
export function loadedSlots(roots: readonly Expr[]): number[] {
  const slots = new Set<number>(), seen = new Set<Expr>();
  for (const root of roots) {
    visitExpr(root, (e) => e.kind === "load" && slots.add(e.slot), seen);
  }
  return [...slots];
}

/** All that a step stores. */
export const allStores = (step: Step): readonly Store[] => [step, ...(step.also ?? [])];

/** The slots that a step reads. */
export const readSlots = (step: Step): number[] =>
  loadedSlots([
    ...(step.kernel?.args.map((a) => a.expr) ?? []),
    ...allStores(step).map(({ store }) => store),
  ]);

/** Scratch buffers that a kernel may bind besides. */
const SCRATCH = 2;

/** The most parts of a step's expressions: beyond, what code and its compilation cost grows faster. */
const MAX_PARTS = 512;

/** What a padded view counts as: each is a branch, and branches in branches have a most depth. */
export const PADDED = 8;

/** How many parts the expressions of a step have, each counted once. */
function partsOf(step: Step): number {
  const seen = new Set<Expr>();
  let parts = 0;
  const count = (e: Expr) => parts += e.kind === "view" && isPadded(e.view) ? PADDED : 1;
  for (const { expr } of step.kernel?.args ?? []) visitExpr(expr, count, seen);
  for (const { store } of allStores(step)) visitExpr(store, count, seen);
  return parts;
}

/** Whether a step is of a size to be compiled, and a device can bind all that it reads and stores. */
export function isBindable(step: Step, { maxLoads, maxBuffers = Infinity }: Policy): boolean {
  if (partsOf(step) > MAX_PARTS) return false;
  const loads = readSlots(step).length, scratch = step.kernel ? SCRATCH : 0;
  // A slot may be bound twice, for single elements and for vectors.
  return loads <= maxLoads && 2 * loads + allStores(step).length + scratch <= maxBuffers;
}

/** The bytes that a step reads and writes at least. */
export const countBytes = (plan: Plan, step: Step): number =>
  4 * (sizeOf(step.spec.shape) * allStores(step).length +
    readSlots(step).reduce((sum, s) => sum + sizeOf(plan.slots[s]!.shape), 0));

/** The floating-point operations of a step: its kernel's, and one for each fused instruction. */
export function countFlops(step: Step): number {
  const count = (...roots: readonly Expr[]) => {
    let total = 0;
    const seen = new Set<Expr>();
    for (const root of roots) {
      visitExpr(root, (e) => {
        if (e.kind === "map" && e.args.length > 0 && e.dtype === "f32") total += e.size;
      }, seen);
    }
    return total;
  };
  const { kernel } = step;
  const inner = kernel
    ? kernel.op.flops(
      asArgs(kernel.args.map((a) => a.spec)),
      asArg(kernel.spec),
      kernel.attrs,
    ) +
      kernel.args.reduce((sum, a) => sum + count(a.expr), 0)
    : 0;
  return inner + count(...allStores(step).map(({ store }) => store));
}

/** A plan as text: a step a line. */
export function showPlan(plan: Plan): string {
  const kinds = { input: "in", constant: "const", output: "out", temporary: "t" };
  const name = (s: number) => {
    const { kind, index } = plan.slots[s]!;
    return `${kinds[kind]}${kind === "temporary" ? s : index}`;
  };
  return plan.steps.map((step, i) =>
    `${String(i).padStart(3)}  ${allStores(step).map(({ slot }) => name(slot)).join(", ")} ${
      showSpec(step.spec)
    } = ${step.label}` +
    `(${readSlots(step).map(name).join(", ")})  ${countFlops(step)} flops, ${
      countBytes(plan, step)
    } bytes`
  ).join("\n");
}
