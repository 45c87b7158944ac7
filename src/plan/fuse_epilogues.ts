/**
 * What elementwise steps make of a kernel's result, made where the kernel stores it: of maxout's pieces the
 * largest, of a rectifier's argument the output, of both the mask that the gradient needs. The result
 * itself, which is larger or read more often than all of these, is then not stored.
 *
 * @module
 */
import { shareSubexpressions } from "./cse.ts";
import {
  allStores,
  type Plan,
  type Policy,
  readSlots,
  type Slot,
  type Step,
  type Store,
} from "./plan.ts";
import { type Expr, loadedSlots, rewriter, visitExpr } from "./expr.ts";
import { isBindable } from "./limits.ts";
import { piecesIn, Terms } from "./piecewise/substitute.ts";

/** The expressions of a step: what its kernel reads, and what it stores. */
const rootsOf = ({ kernel, store, also = [] }: Step): readonly Expr[] => [
  ...(kernel?.args.map(({ expr }) => expr) ?? []),
  store,
  ...also.map((each) => each.store),
];

/**
 * What can be made of a result by the time that it is stored: the largest expressions of its readers, and what
 * they are in terms of the result. Undefined where some reader needs more.
 */
function endsIn(
  roots: readonly Expr[],
  terms: Terms,
  size: number,
  isThere: (slot: number) => boolean,
): ReadonlyMap<Expr, Expr> | undefined {
  const found = new Map<Expr, Expr>(), seen = new Set<Expr>(), canonical = shareSubexpressions();
  const collect = (e: Expr): boolean => {
    if (seen.has(e) || !terms.reads(e)) return true;
    seen.add(e);
    const made = e.size === size ? terms.of(e) : undefined;
    const isAll = made?.kind === "result" && made.piece === undefined;
    if (made && !isAll && loadedSlots([made]).every(isThere)) {
      found.set(e, canonical(made));
      return true;
    }
    return e.kind === "map" ? e.args.every(collect) : e.kind === "view" && collect(e.source);
  };
  return roots.every(collect) ? found : undefined;
}

/** A step with other expressions. */
const rewritten = (step: Step, rewrite: (e: Expr) => Expr): Step => ({
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
function namesIn(stores: readonly Store[]): string[] {
  const names = new Set<string>(), seen = new Set<Expr>();
  for (const { store } of stores) {
    visitExpr(store, (e) => e.kind === "map" && e.args.length > 0 && names.add(e.op.name), seen);
  }
  return [...names];
}

/** A plan while its kernels get other ends. */
class Narrowing {
  readonly slots: Slot[];
  /** The steps in order; undefined where one is not needed any more. */
  readonly steps: (Step | undefined)[];
  readonly #policy: Policy;
  /** By slot: the places of the steps that read it, and of the one that stores it. */
  readonly #readers: Set<number>[];
  readonly #storedAt: number[] = [];

  constructor({ slots, steps }: Plan, policy: Policy) {
    this.slots = [...slots];
    this.steps = [...steps];
    this.#policy = policy;
    this.#readers = slots.map(() => new Set());
    steps.forEach((step, at) => this.#place(step, at));
  }

  /** Lets the kernel at a place store what its readers begin with, if that is less. */
  narrow(at: number) {
    const step = this.steps[at]!, { slot, kernel } = step, { size } = step.store;
    const places = [...this.#readers[slot]!], readers = places.map((place) => this.steps[place]!);
    const roots = readers.flatMap(rootsOf), pieces = piecesIn(roots, slot);
    const part = size / (pieces?.count ?? 1);
    const made = endsIn(roots, new Terms(slot, pieces), part, (s) => this.#isStoredBefore(s, at));
    if (!made) return;
    // A reader that stores just what is made here is not needed any more.
    const gone = new Map<Expr, number>();
    readers.forEach((reader, i) => {
      const end = made.get(reader.store);
      if (end && !reader.kernel && !reader.also && !reader.region && !gone.has(end)) {
        gone.set(end, places[i]!);
      }
    });
    const added: Slot[] = [];
    const stores = [...new Set(made.values())].map((store): Store => {
      const own = gone.get(store);
      if (own !== undefined) return { store, slot: this.steps[own]!.slot };
      const index = this.slots.length + added.length;
      added.push({ shape: [part], dtype: store.dtype, kind: "temporary", index });
      return { store, slot: index };
    });
    const slotOf = new Map(stores.map(({ store, slot }) => [store, slot]));
    const rewrite = rewriter((e) => {
      const end = made.get(e);
      return end && { kind: "load", slot: slotOf.get(end)!, dtype: e.dtype, size: e.size };
    });
    const left = [...gone.values()];
    const changed = places.filter((place) => !left.includes(place))
      .map((place) => ({ place, step: rewritten(this.steps[place]!, rewrite) }));
    const isNew = new Set(slotOf.values());
    const reads = changed.flatMap(({ step }) => readSlots(step).filter((s) => isNew.has(s)));
    const before = size * (1 + places.length) + part * left.length;
    if (part * (stores.length + reads.length) >= before) return;
    const [first, ...also] = stores as [Store, ...Store[]],
      { shape, dtype } = [...this.slots, ...added][first.slot]!;
    const ended: Step = {
      label: [step.label, ...namesIn(stores)].join(" "),
      spec: { shape, dtype },
      ...first,
      ...(also.length > 0 && { also }),
      kernel: { ...kernel!, ...(pieces && { pieces }) },
    };
    changed.push({ place: at, step: ended });
    if (!changed.every(({ step }) => isBindable(step, this.#policy))) return;
    for (const slot of added) {
      this.slots.push(slot);
      this.#readers.push(new Set());
    }
    for (const place of left) this.#remove(place);
    for (const { place, step } of changed) {
      this.#remove(place);
      this.#place(step, place);
    }
  }

  #isStoredBefore(slot: number, at: number): boolean {
    const { kind } = this.slots[slot]!;
    return kind === "input" || kind === "constant" || this.#storedAt[slot]! < at;
  }

  #place(step: Step, at: number) {
    this.steps[at] = step;
    for (const slot of readSlots(step)) this.#readers[slot]!.add(at);
    for (const { slot } of allStores(step)) this.#storedAt[slot] = at;
  }

  #remove(at: number) {
    for (const slot of readSlots(this.steps[at]!)) this.#readers[slot]!.delete(at);
    this.steps[at] = undefined;
  }
}

/** A plan whose kernels end with what follows on them, where that makes them store and others read less. */
export function fuseEpilogues(plan: Plan, policy: Policy): Plan {
  const narrowing = new Narrowing(plan, policy);
  plan.steps.forEach((_, at) => {
    const step = narrowing.steps[at];
    if (!step?.kernel || step.also || step.store.kind !== "result") return;
    if (plan.slots[step.slot]!.kind === "temporary") narrowing.narrow(at);
  });
  return { slots: narrowing.slots, steps: narrowing.steps.filter((step) => step !== undefined) };
}
