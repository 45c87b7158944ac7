/**
 * Epilogues: elementwise expressions that a kernel computes from its result before it stores, instead of
 * its readers.
 *
 * @module
 */
import { shareSubexpressions } from "./cse.ts";
import { type Expr, loadedSlots, rewriter, visitExpr } from "./expr.ts";
import type { ResultTerms } from "./piecewise/substitute.ts";
import { readSlots, type Step, type Store } from "./plan.ts";

/** The expressions of a step: its kernel's arguments and its stores. */
export const stepExpressions = ({ kernel, store, also = [] }: Step): readonly Expr[] => [
  ...(kernel?.args.map(({ expr }) => expr) ?? []),
  store,
  ...also.map((each) => each.store),
];

/** Expressions of a kernel's readers, each with its equivalent in terms of the kernel's result. */
export type Epilogue = ReadonlyMap<Expr, Expr>;

/**
 * The largest expressions of readers that are functions of a kernel's result and of slots stored before it;
 * undefined if some reader needs more of the result.
 */
export function findEpilogue(
  roots: readonly Expr[],
  terms: ResultTerms,
  size: number,
  isThere: (slot: number) => boolean,
): Epilogue | undefined {
  const found = new Map<Expr, Expr>(), seen = new Set<Expr>(), share = shareSubexpressions();
  const collect = (e: Expr): boolean => {
    if (seen.has(e) || !terms.reads(e)) return true;
    seen.add(e);
    const made = e.size === size ? terms.of(e) : undefined;
    const isAll = made?.kind === "result" && made.piece === undefined;
    if (made && !isAll && loadedSlots([made]).every(isThere)) {
      found.set(e, share(made));
      return true;
    }
    return e.kind === "map" ? e.args.every(collect) : e.kind === "view" && collect(e.source);
  };
  return roots.every(collect) ? found : undefined;
}

/** A step with all expressions rewritten. */
export const rewriteStep = (step: Step, rewrite: (e: Expr) => Expr): Step => ({
  ...step,
  store: rewrite(step.store),
  ...(step.also && { also: step.also.map((s) => ({ ...s, store: rewrite(s.store) })) }),
  ...(step.kernel && {
    kernel: {
      ...step.kernel,
      args: step.kernel.args.map((arg) => ({ ...arg, expr: rewrite(arg.expr) })),
    },
  }),
});

/** The names of the instructions in expressions, each once. */
export function opNames(stores: readonly Store[]): string[] {
  const names = new Set<string>(), seen = new Set<Expr>();
  for (const { store } of stores) {
    visitExpr(store, (e) => e.kind === "map" && e.args.length > 0 && names.add(e.op.name), seen);
  }
  return [...names];
}

/** A step and its position in the order. */
export interface Placed {
  readonly at: number;
  readonly step: Step;
}

/** The positions of readers that only store a part of an epilogue, by that part: the kernel replaces them. */
export function absorbedReaders(
  readers: readonly Placed[],
  epilogue: Epilogue,
): ReadonlyMap<Expr, number> {
  const absorbed = new Map<Expr, number>();
  for (const { at, step: { store, kernel, also, region } } of readers) {
    const part = epilogue.get(store);
    if (part && !kernel && !also && !region && !absorbed.has(part)) absorbed.set(part, at);
  }
  return absorbed;
}

/** A function that replaces expressions that an epilogue computes by loads of the slots that it stores. */
export function loadEpilogue(stores: readonly Store[], epilogue: Epilogue): (e: Expr) => Expr {
  const slotOf = new Map(stores.map(({ store, slot }) => [store, slot]));
  return rewriter((e) => {
    const made = epilogue.get(e);
    return made && { kind: "load", slot: slotOf.get(made)!, dtype: e.dtype, size: e.size };
  });
}

/** Whether fusion stores and reads fewer elements than storing the result and reading it does. */
export function savesMemory(
  kernel: Placed,
  readers: readonly Placed[],
  stores: readonly Store[],
  left: readonly Placed[],
): boolean {
  const whole = kernel.step.store.size, part = stores[0]!.store.size;
  const own = new Set(stores.map(({ slot }) => slot));
  const reads = left.flatMap(({ step }) => readSlots(step).filter((slot) => own.has(slot)));
  const before = whole * (1 + readers.length) + part * (readers.length - left.length);
  return part * (stores.length + reads.length) < before;
}
