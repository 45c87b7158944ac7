/**
 * Elementwise steps that become one: those that go over the same elements of the same slots, such as a
 * parameter's update and that of its optimizer's state. What only they need is not stored at all.
 *
 * @module
 */
import { sizeOf } from "../shape.ts";
import { merger } from "./merger.ts";
import {
  type Expr,
  isBindable,
  type Plan,
  type Policy,
  readsOf,
  type Step,
  storesOf,
} from "./plan.ts";

/** The slots that a step reads at the very index that it stores at, and those that it reads elsewhere. */
function placesOf(step: Step): Record<"same" | "other", ReadonlySet<number>> {
  const places = { same: new Set<number>(), other: new Set<number>() };
  const seen = { same: new Set<Expr>(), other: new Set<Expr>() };
  const walk = (e: Expr, at: "same" | "other"): void => {
    if (seen[at].has(e)) return;
    seen[at].add(e);
    if (e.kind === "load") places[at].add(e.slot);
    else if (e.kind === "map") { for (const arg of e.args) walk(arg, at); }
    else if (e.kind === "view") walk(e.source, "other");
  };
  for (const { store } of storesOf(step)) walk(store, "same");
  return places;
}

/** One step that stores what several do, but for the slots in `gone`. */
function joinedStep(members: readonly Step[], gone: ReadonlySet<number>): Step {
  const stores = members.flatMap(storesOf);
  const merged = merger(new Map(stores.map(({ slot, store }) => [slot, store])));
  const [first, ...also] = stores.filter(({ slot }) => !gone.has(slot))
    .map(({ slot, store }) => ({ slot, store: merged(store) }));
  const { spec } = members.find((m) => storesOf(m).some(({ slot }) => slot === first.slot))!;
  const label = [...new Set(members.map((m) => m.label))].join(" + ");
  return { label, spec, ...first, ...(also.length > 0 && { also }) };
}

const sizeOfStep = (step: Step) => sizeOf(step.spec.shape);

/** The steps of a plan while some are replaced by joined ones. */
class Joining {
  readonly live = new Set<Step>();
  readonly #readers = new Map<number, Set<Step>>();
  readonly #policy: Policy;

  constructor(steps: readonly Step[], policy: Policy) {
    this.#policy = policy;
    steps.forEach((step) => this.#add(step));
  }

  readersOf(slot: number): readonly Step[] {
    return [...this.#readers.get(slot) ?? []];
  }

  /** Replaces some steps by one; undefined where it would read too much, or need its own result. */
  join(members: readonly Step[], gone: ReadonlySet<number>): Step | undefined {
    const step = joinedStep(members, gone);
    if (!isBindable(step, this.#policy)) return undefined;
    if (this.#enclose(new Set(members))) return undefined;
    for (const member of members) {
      this.live.delete(member);
      for (const slot of readsOf(member)) this.#readers.get(slot)!.delete(member);
    }
    this.#add(step);
    return step;
  }

  #add(step: Step) {
    this.live.add(step);
    for (const slot of readsOf(step)) {
      const readers = this.#readers.get(slot);
      if (readers) readers.add(step);
      else this.#readers.set(slot, new Set([step]));
    }
  }

  /** Whether a step outside needs one of the members and is needed by another. */
  #enclose(members: ReadonlySet<Step>): boolean {
    const seen = new Set<Step>();
    const next = (step: Step) => storesOf(step).flatMap(({ slot }) => this.readersOf(slot));
    const leadsBack = (step: Step): boolean => {
      if (members.has(step)) return true;
      if (seen.has(step)) return false;
      seen.add(step);
      return next(step).some(leadsBack);
    };
    return [...members].some((m) => next(m).some((step) => !members.has(step) && leadsBack(step)));
  }
}

/** Joins steps of a plan where that saves memory or reads, within what a policy allows. */
export function join({ slots, steps }: Plan, policy: Policy): Step[] {
  const joining = new Joining(steps, policy), { live } = joining;
  const isPlain = (step: Step) => !step.kernel;
  // A value that nothing reads but elementwise steps of its own size, at the same index, is not stored.
  for (const step of steps) {
    const { slot } = step;
    if (!live.has(step) || !isPlain(step) || slots[slot].kind !== "temporary") continue;
    const readers = joining.readersOf(slot);
    const inline = readers.every((reader) => {
      if (!isPlain(reader) || sizeOfStep(reader) !== sizeOfStep(step)) return false;
      return !placesOf(reader).other.has(slot);
    });
    if (inline) joining.join([step, ...readers], new Set([slot]));
  }
  // Outputs that read the same elements do so together.
  const outputs = [...live].filter((step) => isPlain(step) && slots[step.slot].kind === "output");
  for (const [i, first] of outputs.entries()) {
    let all = first;
    for (const other of outputs.slice(i + 1)) {
      const size = sizeOfStep(other);
      if (!live.has(all) || !live.has(other) || sizeOfStep(all) !== size) continue;
      const { same } = placesOf(all);
      const shares = [...placesOf(other).same].some((s) =>
        same.has(s) && sizeOf(slots[s].shape) === size
      );
      if (shares) all = joining.join([all, other], new Set()) ?? all;
    }
  }
  return [...live];
}
