/**
 * Finds consecutive steps of a plan that can run together, tile by tile of rows: what a step computes for
 * some rows depends, among what the steps before it in the run store, only on the same rows. A tile then
 * stays in the cache from one step to the next, and what only these steps read need not exist in full.
 *
 * @module
 */
import { type Expr, loadedSlots } from "../../../plan/expr.ts";
import { allStores, type Plan, readSlots, type Step } from "../../../plan/plan.ts";
import { readsWithinRows } from "../../../plan/row_alignment.ts";
import { sizeOf } from "../../../shape.ts";
import type { CompiledPass } from "../compile.ts";

/** Bytes of a tile, all slots together: at least some, since each costs calls, and at most what caches hold. */
const LEAST_BYTES = 1 << 15, CACHED = 1 << 18, MOST_BYTES = 1 << 19;
/** The fewest tiles, if they are not too small, so that threads can share them. */
const TILES = 32;

/** A step of a run, with the number of its passes that run tile by tile; others run after all tiles. */
export interface TiledStep {
  readonly step: number;
  readonly passes: number;
}

/** Consecutive steps that run tile by tile. */
export interface TiledSteps {
  readonly steps: readonly TiledStep[];
  /** The number of tiles. */
  readonly tiles: number;
  /** Units per tile of each pass, step by step. */
  readonly units: readonly (readonly number[])[];
  /** Bytes per tile of slots that only these steps need, a tile at a time. */
  readonly kept: ReadonlyMap<number, number>;
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);

const leastCommonMultiple = (a: number, b: number): number => a / greatestCommonDivisor(a, b) * b;

/** The slots of a plan: their sizes, and the steps that read them. */
class Slots {
  readonly sizes: readonly number[];
  readonly readers: readonly (readonly number[])[];
  readonly isTemporary: readonly boolean[];

  constructor({ slots, steps }: Plan) {
    const readers = slots.map((): number[] => []);
    steps.forEach((step, i) => readSlots(step).forEach((slot) => readers[slot]!.push(i)));
    this.sizes = slots.map(({ shape }) => sizeOf(shape));
    this.readers = readers;
    this.isTemporary = slots.map(({ kind }) => kind === "temporary");
  }
}

/** A run of steps, which may grow. */
class Run {
  /** The rows that everything is split into, and the fewest in a tile. */
  readonly #rows: number;
  readonly #least: number;

  private constructor(
    readonly plan: Plan,
    readonly slots: Slots,
    readonly kernels: readonly (readonly CompiledPass[])[],
    readonly steps: readonly TiledStep[],
  ) {
    let rows = 0;
    for (const { tile } of this.#passes()) rows = greatestCommonDivisor(rows, tile!.size);
    for (const slot of this.#stored()) rows = greatestCommonDivisor(rows, slots.sizes[slot]!);
    let least = 1;
    for (const { tile: { size, grain } = { size: 1, grain: 1 } } of this.#passes()) {
      least = leastCommonMultiple(least, grain / greatestCommonDivisor(grain, size / rows));
    }
    this.#rows = rows;
    this.#least = least;
  }

  /** The longest run of the passes of one step; undefined if none can run tile by tile. */
  static of(
    plan: Plan,
    slots: Slots,
    kernels: readonly (readonly CompiledPass[])[],
    step: number,
  ): Run | undefined {
    return new Run(plan, slots, kernels, []).#with(step);
  }

  /** This run with the next step; undefined if that cannot run tile by tile with it. */
  next(step: number): Run | undefined {
    const longer = this.#with(step);
    return longer && (longer.#rows === this.#rows || this.#isRelated(step)) ? longer : undefined;
  }

  #with(step: number): Run | undefined {
    const passes = this.kernels[step]!, end = passes.findIndex(({ tile }) => !tile);
    for (let count = end < 0 ? passes.length : end; count > 0; count--) {
      const steps = [...this.steps, { step, passes: count }];
      const run = new Run(this.plan, this.slots, this.kernels, steps);
      if (run.#fits()) return run;
    }
    return undefined;
  }

  *#passes(): Iterable<CompiledPass> {
    for (const { step, passes } of this.steps) yield* this.kernels[step]!.slice(0, passes);
  }

  #isWhole({ step, passes }: TiledStep): boolean {
    return passes === this.kernels[step]!.length;
  }

  /** The slots that are stored tile by tile. */
  #stored(): number[] {
    return this.steps.filter((s) => this.#isWhole(s))
      .flatMap(({ step }) => allStores(this.plan.steps[step]!).map(({ slot }) => slot));
  }

  #reads(): number[] {
    return [...new Set(this.steps.flatMap(({ step }) => readSlots(this.plan.steps[step]!)))];
  }

  /** Whether a step reads what this run stores, or rows that it reads. */
  #isRelated(step: number): boolean {
    const own = new Set(this.#stored());
    for (const slot of this.#reads()) {
      if (this.slots.sizes[slot]! % this.#rows === 0) own.add(slot);
    }
    return readSlots(this.plan.steps[step]!).some((slot) => own.has(slot));
  }

  /** Whether the last step reads of the others only its own rows, and tiles are small enough. */
  #fits(): boolean {
    if (this.#least * 2 > this.#rows || this.#bytes(this.#least) > MOST_BYTES) return false;
    const { sizes } = this.slots, stored = new Set(this.#stored());
    const last = this.steps.at(-1)!, step = this.plan.steps[last.step]!;
    const later = this.steps.filter((s) => !this.#isWhole(s))
      .flatMap((s) => allStores(this.plan.steps[s.step]!).map(({ slot }) => slot));
    const reads = expressions(step, this.#isWhole(last));
    if (loadedSlots(reads).some((slot) => later.includes(slot))) return false;
    return reads.every((e) =>
      readsWithinRows(e, this.#rows, (slot) => stored.has(slot) ? sizes[slot] : undefined)
    );
  }

  /** Bytes of so many rows of all slots. */
  #bytes(rows: number): number {
    const slots = new Set([...this.#reads(), ...this.#stored()]);
    return [...slots].reduce((sum, slot) => sum + 4 * this.#share(slot, rows), 0);
  }

  /** Elements of so many rows of a slot; of one that has other rows, all. */
  #share(slot: number, rows: number): number {
    const size = this.slots.sizes[slot]!;
    return size % this.#rows === 0 ? size / this.#rows * rows : Math.min(size, MOST_BYTES / 64);
  }

  /** Whether the steps in the run are the only ones that need a slot, and need only a tile at a time. */
  #isKept(slot: number): boolean {
    if (!this.slots.isTemporary[slot]) return false;
    return this.slots.readers[slot]!.every((reader) => {
      const own = this.steps.find(({ step }) => step === reader);
      if (!own) return false;
      return this.#isWhole(own) || !storesRead(this.plan.steps[reader]!).has(slot);
    });
  }

  /** How the run is tiled. */
  get tiled(): TiledSteps {
    const least = this.#least, all = this.#bytes(this.#rows);
    const bytes = Math.min(CACHED, Math.max(LEAST_BYTES, all / TILES));
    const rows = least * Math.max(1, Math.floor(bytes / this.#bytes(least)));
    const units = this.steps.map(({ step, passes }) =>
      this.kernels[step]!.slice(0, passes).map(({ tile }) =>
        rows * (tile!.size / this.#rows) / tile!.grain
      )
    );
    const kept = this.#stored().filter((slot) => this.#isKept(slot))
      .map((slot) => [slot, 4 * this.#share(slot, rows)] as const);
    return {
      steps: this.steps,
      tiles: Math.ceil(this.#rows / rows),
      units,
      kept: new Map(kept),
    };
  }

  /** Whether running tile by tile is worth its calls: several passes over more than is cached anyway. */
  get saves(): boolean {
    const isMore = this.#bytes(this.#rows) > LEAST_BYTES;
    return isMore && (this.steps.length > 1 || this.steps[0]!.passes > 1);
  }
}

/** What a step reads tile by tile: its kernel's arguments, and what it stores if all its passes are tiled. */
const expressions = (step: Step, isWhole: boolean): readonly Expr[] => [
  ...step.kernel?.args.map(({ expr }) => expr) ?? [],
  ...(isWhole ? allStores(step).map(({ store }) => store) : []),
];

/** The slots that a step's stores read, after its kernel. */
const storesRead = ({ kernel: _, ...step }: Step): ReadonlySet<number> => new Set(readSlots(step));

/** The runs of steps that run tile by tile, and all other steps, in order. */
export function tileSteps(
  plan: Plan,
  kernels: readonly (readonly CompiledPass[])[],
): readonly (TiledSteps | number)[] {
  const found: (TiledSteps | number)[] = [], slots = new Slots(plan);
  for (let i = 0; i < plan.steps.length;) {
    let run = Run.of(plan, slots, kernels, i), longer = run;
    while (longer && i + longer.steps.length < plan.steps.length) {
      longer = longer.next(i + longer.steps.length);
      run = longer ?? run;
    }
    if (run?.saves) {
      found.push(run.tiled);
      i += run.steps.length;
    } else found.push(i++);
  }
  return found;
}
