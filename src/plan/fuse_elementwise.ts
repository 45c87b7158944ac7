/**
 * Fuses elementwise steps over the same elements, such as a parameter's update and its optimizer state's,
 * and drops temporaries that only they need.
 *
 * @module
 */
import { sizeOf } from "../shape.ts";
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
import type { Expr } from "./expr.ts";
import { isBindable } from "./limits.ts";

/** The slots that a step reads at the index that it stores, and those that it reads at another. */
function indexing(step: Step): Record<"same" | "other", ReadonlySet<number>> {
  const places = { same: new Set<number>(), other: new Set<number>() };
  const seen = { same: new Set<Expr>(), other: new Set<Expr>() };
  const walk = (e: Expr, at: "same" | "other"): void => {
    if (seen[at].has(e)) return;
    seen[at].add(e);
    if (e.kind === "load") places[at].add(e.slot);
    else if (e.kind === "map") { for (const arg of e.args) walk(arg, at); }
    else if (e.kind === "view") walk(e.source, "other");
  };
  for (const { store } of allStores(step)) walk(store, "same");
  return places;
}

/** One step that stores what several do, except the slots in `gone`. */
function fusedStep(members: readonly Step[], gone: ReadonlySet<number>): Step {
  const stores = members.flatMap(allStores);
  const merged = shareSubexpressions(new Map(stores.map(({ slot, store }) => [slot, store])));
  const [first, ...also] = stores.filter(({ slot }) => !gone.has(slot))
    .map(({ slot, store }) => ({ slot, store: merged(store) })) as [Store, ...Store[]];
  const { spec } = members.find((m) => allStores(m).some(({ slot }) => slot === first.slot))!;
  const label = [...new Set(members.map((m) => m.label))].join(" + ");
  return { label, spec, ...first, ...(also.length > 0 && { also }) };
}

const sizeOfStep = (step: Step) => sizeOf(step.spec.shape);

/** A quick test whether the fused step might be bindable, before it is built. */
function mayFuse(members: readonly Step[], { maxLoads }: Policy): boolean {
  const own = new Set(members.flatMap((m) => allStores(m).map(({ slot }) => slot)));
  const loads = new Set<number>();
  for (const member of members) {
    for (const slot of readSlots(member)) if (!own.has(slot)) loads.add(slot);
    if (loads.size > maxLoads) return false;
  }
  return true;
}

/** The steps of a plan during fusion. */
class ElementwiseFusion {
  readonly live = new Set<Step>();
  readonly #readers = new Map<number, Set<Step>>();
  readonly #policy: Policy;
  /** The steps in a valid execution order; undefined where a step was fused away. */
  readonly #order: (Step | undefined)[];
  readonly #places = new Map<Step, number>();

  constructor(steps: readonly Step[], policy: Policy) {
    this.#policy = policy;
    this.#order = [...steps];
    steps.forEach((step, place) => this.#add(step, place));
  }

  readersOf(slot: number): readonly Step[] {
    return [...this.#readers.get(slot) ?? []];
  }

  /** Replaces steps by a fused one; undefined if it would bind too much or depend on itself. */
  fuse(members: readonly Step[], gone: ReadonlySet<number>): Step | undefined {
    if (!mayFuse(members, this.#policy)) return undefined;
    const step = fusedStep(members, gone);
    if (!isBindable(step, this.#policy)) return undefined;
    const places = members.map((m) => this.#places.get(m)!);
    const from = Math.min(...places), to = Math.max(...places);
    const after = this.#after(new Set(members), to);
    if (!after) return undefined;
    for (const member of members) {
      this.live.delete(member);
      for (const slot of readSlots(member)) this.#readers.get(slot)!.delete(member);
      this.#order[this.#places.get(member)!] = undefined;
      this.#places.delete(member);
    }
    this.#insert(step, from, to, after);
    return step;
  }

  /** Inserts a fused step into the order, after its dependencies and before its dependents. */
  #insert(step: Step, from: number, to: number, after: ReadonlySet<Step>) {
    const range = this.#order.slice(from, to + 1).filter((s) => s !== undefined);
    const order = [
      ...range.filter((s) => !after.has(s)),
      step,
      ...range.filter((s) => after.has(s)),
    ];
    order.forEach((s, i) => {
      this.#order[from + i] = s;
      this.#places.set(s, from + i);
    });
    this.#order.fill(undefined, from + order.length, to + 1);
    this.#add(step, this.#places.get(step)!);
  }

  #add(step: Step, place: number) {
    this.live.add(step);
    this.#places.set(step, place);
    for (const slot of readSlots(step)) {
      const readers = this.#readers.get(slot);
      if (readers) readers.add(step);
      else this.#readers.set(slot, new Set([step]));
    }
  }

  /** The steps up to a position that depend on a member; undefined if a member depends on one of them. */
  #after(members: ReadonlySet<Step>, to: number): ReadonlySet<Step> | undefined {
    const found = new Set<Step>(), left = [...members];
    for (let step = left.pop(); step; step = left.pop()) {
      for (const { slot } of allStores(step)) {
        for (const reader of this.#readers.get(slot) ?? []) {
          if (members.has(reader)) {
            if (found.has(step)) return undefined;
          } else if (!found.has(reader) && this.#places.get(reader)! <= to) {
            found.add(reader);
            left.push(reader);
          }
        }
      }
    }
    return found;
  }
}

/** Whether a step is elementwise and stores whole slots. */
const isElementwise = (step: Step): boolean => !step.kernel && !step.region;

/** Fuses away temporaries that are read only by elementwise steps of the same size, at the same index. */
function fuseTemporaries(
  steps: readonly Step[],
  slots: readonly Slot[],
  fusion: ElementwiseFusion,
) {
  for (const step of steps) {
    const { slot } = step;
    if (!fusion.live.has(step) || !isElementwise(step)) continue;
    if (slots[slot]!.kind !== "temporary") continue;
    const readers = fusion.readersOf(slot);
    const isInlined = readers.every((reader) =>
      isElementwise(reader) && sizeOfStep(reader) === sizeOfStep(step) &&
      !indexing(reader).other.has(slot)
    );
    if (!isInlined) continue;
    const apart = readers.filter((reader) => rereads(reader, readers));
    if (apart.length === 0) fusion.fuse([step, ...readers], new Set([slot]));
    else fusion.fuse([step, ...readers.filter((reader) => !apart.includes(reader))], new Set());
  }
}

/** Whether a step reads what others store at other indices, where a fused step would compute it again. */
function rereads(step: Step, others: readonly Step[]): boolean {
  const { other } = indexing(step);
  return others.some((each) =>
    each !== step && allStores(each).some(({ slot }) => other.has(slot))
  );
}

/** How many failed attempts to fuse an output with others end the search. */
const MOST_FAILURES = 64;

/** Fuses each output with later ones that read some of the same elements. */
function fuseOutputs(outputs: readonly Step[], slots: readonly Slot[], fusion: ElementwiseFusion) {
  const { live } = fusion;
  /** The slots of a step's size that it reads at the index that it stores. */
  const readAlong = (step: Step) =>
    [...indexing(step).same].filter((s) => sizeOf(slots[s]!.shape) === sizeOfStep(step));
  /** The outputs, by position, that read each slot so. */
  const readers = new Map<number, number[]>();
  outputs.forEach((step, place) => {
    for (const slot of readAlong(step)) {
      const list = readers.get(slot);
      if (list) list.push(place);
      else readers.set(slot, [place]);
    }
  });
  /** The next output after a position that still exists and shares a read with a step. */
  const nextSharing = (step: Step, behind: number): number => {
    let next = outputs.length;
    for (const slot of readAlong(step)) {
      const found = (readers.get(slot) ?? []).find((k) => k > behind && live.has(outputs[k]!));
      if (found !== undefined && found < next) next = found;
    }
    return next;
  };
  outputs.forEach((first, place) => {
    let all = first, failures = 0;
    for (let at = place; live.has(all) && failures < MOST_FAILURES;) {
      at = nextSharing(all, at);
      const other = outputs[at];
      if (!other) break;
      const isOfSize = sizeOfStep(other) === sizeOfStep(all);
      const fused = isOfSize ? fusion.fuse([all, other], new Set()) : undefined;
      if (fused) all = fused;
      else failures++;
    }
  });
}

/** Fuses elementwise steps of a plan where that saves memory or reads, within a policy's limits. */
export function fuseElementwise({ slots, steps }: Plan, policy: Policy): Plan {
  const fusion = new ElementwiseFusion(steps, policy);
  fuseTemporaries(steps, slots, fusion);
  const outputs = [...fusion.live].filter((step) =>
    isElementwise(step) && slots[step.slot]!.kind === "output"
  );
  fuseOutputs(outputs, slots, fusion);
  return { slots, steps: [...fusion.live] };
}
