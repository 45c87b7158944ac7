/**
 * Fuses elementwise steps into the kernel whose result they read, such as maxout's maximum, ReLU, and the
 * masks for their gradients. The result itself, larger or read more often than these, is then not stored.
 *
 * @module
 */
import {
  absorbedReaders,
  type Epilogue,
  findEpilogue,
  loadEpilogue,
  opNames,
  type Placed,
  rewriteStep,
  savesMemory,
  stepExpressions,
} from "./epilogue.ts";
import type { Expr } from "./expr.ts";
import { isBindable } from "./limits.ts";
import { findPieces, ResultTerms } from "./piecewise/substitute.ts";
import {
  allStores,
  type Pieces,
  type Plan,
  type Policy,
  readSlots,
  type Slot,
  type Step,
  type Store,
} from "./plan.ts";

/** A kernel that stores an epilogue instead of its result. */
interface Fusion {
  /** Its own step and its remaining readers, rewritten. */
  readonly steps: readonly Placed[];
  /** The positions of readers that are no longer needed. */
  readonly absorbed: readonly number[];
  /** New slots, numbered after the existing ones. */
  readonly added: readonly Slot[];
}

/** A plan during epilogue fusion. */
class EpilogueFusion {
  readonly #slots: Slot[];
  /** The steps in order; undefined where a step was fused away. */
  readonly #steps: (Step | undefined)[];
  readonly #policy: Policy;
  /** By slot: the positions of the steps that read it, and of the one that stores it. */
  readonly #readers: Set<number>[];
  readonly #storedAt: number[] = [];

  constructor({ slots, steps }: Plan, policy: Policy) {
    this.#slots = [...slots];
    this.#steps = [...steps];
    this.#policy = policy;
    this.#readers = slots.map(() => new Set());
    steps.forEach((step, at) => this.#place({ step, at }));
  }

  get plan(): Plan {
    return { slots: this.#slots, steps: this.#steps.filter((step) => step !== undefined) };
  }

  /** Gives the kernel at a position, if there is one, an epilogue where that saves memory traffic. */
  fuse(at: number) {
    const step = this.#steps[at];
    if (!step || !this.#storesResult(step)) return;
    const readers = [...this.#readers[step.slot]!].map((at) => ({ at, step: this.#steps[at]! }));
    const roots = readers.flatMap(({ step }) => stepExpressions(step));
    const pieces = findPieces(roots, step.slot);
    const epilogue = findEpilogue(
      roots,
      new ResultTerms(step.slot, pieces),
      step.store.size / (pieces?.count ?? 1),
      (slot) => this.#isStoredBefore(slot, at),
    );
    const fusion = epilogue && this.#withEpilogue({ step, at }, epilogue, pieces, readers);
    if (fusion?.steps.every(({ step }) => isBindable(step, this.#policy))) {
      this.#apply(fusion);
    }
  }

  /** Whether a step is a kernel that only stores its result, in a temporary. */
  #storesResult({ kernel, also, store, slot }: Step): boolean {
    return kernel !== undefined && !also && store.kind === "result" &&
      this.#slots[slot]!.kind === "temporary";
  }

  #isStoredBefore(slot: number, at: number): boolean {
    const { kind } = this.#slots[slot]!;
    return kind === "input" || kind === "constant" || this.#storedAt[slot]! < at;
  }

  /** A kernel and its readers after it stores an epilogue; undefined where that saves nothing. */
  #withEpilogue(
    kernel: Placed,
    epilogue: Epilogue,
    pieces: Pieces | undefined,
    readers: readonly Placed[],
  ): Fusion | undefined {
    const absorbed = absorbedReaders(readers, epilogue), places = [...absorbed.values()];
    const { stores, added } = this.#allocateStores(epilogue, absorbed);
    const load = loadEpilogue(stores, epilogue);
    const left = readers.filter(({ at }) => !places.includes(at))
      .map(({ at, step }) => ({ at, step: rewriteStep(step, load) }));
    if (!savesMemory(kernel, readers, stores, left)) return undefined;
    const fused = this.#fusedStep(kernel.step, stores, added, pieces);
    return { steps: [...left, { at: kernel.at, step: fused }], absorbed: places, added };
  }

  #fusedStep(
    { label, kernel }: Step,
    stores: readonly Store[],
    added: readonly Slot[],
    pieces: Pieces | undefined,
  ): Step {
    const [first, ...also] = stores as [Store, ...Store[]], known = this.#slots.length;
    const { shape, dtype } = first.slot < known
      ? this.#slots[first.slot]!
      : added[first.slot - known]!;
    return {
      label: [label, ...opNames(stores)].join(" "),
      spec: { shape, dtype },
      ...first,
      ...(also.length > 0 && { also }),
      kernel: { ...kernel!, ...(pieces && { pieces }) },
    };
  }

  /** Assigns a slot to each part of an epilogue: that of the reader that stored the same, else a new one. */
  #allocateStores(
    epilogue: Epilogue,
    absorbed: ReadonlyMap<Expr, number>,
  ): { readonly stores: readonly Store[]; readonly added: readonly Slot[] } {
    const added: Slot[] = [];
    const stores = [...new Set(epilogue.values())].map((store): Store => {
      const reader = absorbed.get(store);
      if (reader !== undefined) return { store, slot: this.#steps[reader]!.slot };
      const slot = this.#slots.length + added.length;
      added.push({ shape: [store.size], dtype: store.dtype, kind: "temporary", index: slot });
      return { store, slot };
    });
    return { stores, added };
  }

  #apply({ steps, absorbed, added }: Fusion) {
    for (const slot of added) {
      this.#slots.push(slot);
      this.#readers.push(new Set());
    }
    for (const at of absorbed) this.#remove(at);
    for (const placed of steps) {
      this.#remove(placed.at);
      this.#place(placed);
    }
  }

  #place({ step, at }: Placed) {
    this.#steps[at] = step;
    for (const slot of readSlots(step)) this.#readers[slot]!.add(at);
    for (const { slot } of allStores(step)) this.#storedAt[slot] = at;
  }

  #remove(at: number) {
    for (const slot of readSlots(this.#steps[at]!)) this.#readers[slot]!.delete(at);
    this.#steps[at] = undefined;
  }
}

/** Gives the kernels of a plan epilogues where that stores and reads less. */
export function fuseEpilogues(plan: Plan, policy: Policy): Plan {
  const fusion = new EpilogueFusion(plan, policy);
  plan.steps.forEach((_, at) => fusion.fuse(at));
  return fusion.plan;
}
