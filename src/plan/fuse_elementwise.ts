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
import { type Between, DependencySearch } from "./dependency_search.ts";

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

/** Adds a step to those of a slot. */
function addTo(all: Map<number, Set<Step>>, slot: number, step: Step): void {
  const known = all.get(slot);
  if (known) known.add(step);
  else all.set(slot, new Set([step]));
}

/** The steps of a plan during fusion. */
class ElementwiseFusion {
  readonly live = new Set<Step>();
  readonly #readers = new Map<number, Set<Step>>();
  readonly #writers = new Map<number, Set<Step>>();
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
    const around = this.#stepsBetween(new Set(members));
    if (!around) return undefined;
    const places = members.map((m) => this.#places.get(m)!);
    for (const member of members) this.#remove(member);
    this.#insert(step, Math.min(...places), Math.max(...places), around);
    return step;
  }

  /**
   * The steps among members that depend on one of them, or those that one of them depends on: whichever are
   * found first, since the others may be most of a plan. Undefined if a member depends on one of them and
   * one of them on a member.
   */
  #stepsBetween(members: ReadonlySet<Step>): Between | undefined {
    const places = [...members].map((m) => this.#places.get(m)!);
    const from = Math.min(...places), to = Math.max(...places);
    const isWithin = (step: Step) => {
      const place = this.#places.get(step)!;
      return from <= place && place <= to;
    };
    const after = new DependencySearch(members, isWithin, (step) => this.#dependents(step));
    const before = new DependencySearch(members, isWithin, (step) => this.#dependencies(step));
    while (!after.isDone && !before.isDone) {
      after.advance();
      before.advance();
    }
    const [side, search] = before.isDone ? ["before", before] as const : ["after", after] as const;
    return search.returns ? undefined : { side, steps: search.found };
  }

  *#dependents(step: Step): Iterable<Step> {
    for (const { slot } of allStores(step)) yield* this.#readers.get(slot) ?? [];
  }

  *#dependencies(step: Step): Iterable<Step> {
    for (const slot of readSlots(step)) yield* this.#writers.get(slot) ?? [];
  }

  /** Inserts a fused step into the order, after its dependencies and before its dependents. */
  #insert(step: Step, from: number, to: number, { side, steps }: Between) {
    if (steps.size === 0) return this.#add(step, side === "before" ? from : to);
    const range = this.#order.slice(from, to + 1).filter((s) => s !== undefined);
    const isBefore = (s: Step) => steps.has(s) === (side === "before");
    const order = [...range.filter(isBefore), step, ...range.filter((s) => !isBefore(s))];
    order.forEach((s, i) => {
      this.#order[from + i] = s;
      this.#places.set(s, from + i);
    });
    this.#order.fill(undefined, from + order.length, to + 1);
    this.#add(step, this.#places.get(step)!);
  }

  #add(step: Step, place: number) {
    this.live.add(step);
    this.#order[place] = step;
    this.#places.set(step, place);
    for (const slot of readSlots(step)) addTo(this.#readers, slot, step);
    for (const { slot } of allStores(step)) addTo(this.#writers, slot, step);
  }

  #remove(step: Step) {
    this.live.delete(step);
    for (const slot of readSlots(step)) this.#readers.get(slot)!.delete(step);
    for (const { slot } of allStores(step)) this.#writers.get(slot)!.delete(step);
    this.#order[this.#places.get(step)!] = undefined;
    this.#places.delete(step);
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
