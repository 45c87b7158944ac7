/**
 * Epilogues of kernels: what a kernel makes of its result where it stores it, and what that spares its readers.
 *
 * @module
 */
import { shareSubexpressions } from "./cse.ts";
import { type Expr, loadedSlots, rewriter, visitExpr } from "./expr.ts";
import type { ResultTerms } from "./piecewise/substitute.ts";
import { readSlots, type Step, type Store } from "./plan.ts";

/** The expressions of a step: what its kernel reads, and what it stores. */
export const stepExpressions = ({ kernel, store, also = [] }: Step): readonly Expr[] => [
  ...(kernel?.args.map(({ expr }) => expr) ?? []),
  store,
  ...also.map((each) => each.store),
];

/** What a kernel can make by the time it stores: expressions of its readers, in terms of its result. */
export type Epilogue = ReadonlyMap<Expr, Expr>;

/** The largest expressions of readers that can be made of a result; undefined where some reader needs more. */
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

/** A step with other expressions. */
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

/** A step that is put in a place of the order. */
export interface Placed {
  readonly at: number;
  readonly step: Step;
}

/** Readers that store just a part of an epilogue, by that part: they are not needed any more. */
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

/** Replaces what an epilogue makes by loads of where it is stored. */
export function loadEpilogue(stores: readonly Store[], epilogue: Epilogue): (e: Expr) => Expr {
  const slotOf = new Map(stores.map(({ store, slot }) => [store, slot]));
  return rewriter((e) => {
    const made = epilogue.get(e);
    return made && { kind: "load", slot: slotOf.get(made)!, dtype: e.dtype, size: e.size };
  });
}

/** Whether fewer elements are stored and read than those of the result and of what absorbed readers stored. */
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
