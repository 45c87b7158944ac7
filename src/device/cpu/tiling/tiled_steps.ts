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

/** What a run's steps have in common: how everything they touch is split into rows. */
interface Split {
  /** The rows that everything is split into, and the fewest in a tile. */
  readonly rows: number;
  readonly least: number;
  /** Bytes of a row of all slots, and of those that have other rows, per tile. */
  readonly rowBytes: number;
  readonly otherBytes: number;
}

/** Bytes of so many rows of all slots. */
const bytesOf = ({ rowBytes, otherBytes }: Split, rows: number): number =>
  rowBytes * rows + otherBytes;

/** A run of consecutive steps, which grows step by step. */
class Run {
  readonly plan: Plan;
  readonly slots: Slots;
  readonly kernels: readonly (readonly CompiledPass[])[];
  readonly #steps: TiledStep[] = [];
  /** The slots that are stored tile by tile, those that steps store after all tiles, and all that are read. */
  readonly #stored = new Set<number>();
  readonly #later = new Set<number>();
  readonly #reads = new Set<number>();
  #split: Split = { rows: 0, least: 1, rowBytes: 0, otherBytes: 0 };

  constructor(plan: Plan, slots: Slots, kernels: readonly (readonly CompiledPass[])[]) {
    this.plan = plan;
    this.slots = slots;
    this.kernels = kernels;
  }

  get length(): number {
    return this.#steps.length;
  }

  /** Adds the next step, with as many passes as can run tile by tile; returns false if it cannot be added. */
  add(step: number): boolean {
    const passes = this.kernels[step]!, end = passes.findIndex(({ tile }) => !tile);
    for (let count = end < 0 ? passes.length : end; count > 0; count--) {
      const added = { step, passes: count }, split = this.#splitWith(added);
      if (!this.#fits(added, split)) continue;
      const isFirst = this.length === 0;
      if (!isFirst && split.rows !== this.#split.rows && !this.#isRelated(step)) return false;
      this.#split = split;
      this.#steps.push(added);
      for (const slot of readSlots(this.plan.steps[step]!)) this.#reads.add(slot);
      const stored = this.#isWhole(added) ? this.#stored : this.#later;
      for (const slot of this.#storedBy(added)) stored.add(slot);
      return true;
    }
    return false;
  }

  #passesOf({ step, passes }: TiledStep): readonly CompiledPass[] {
    return this.kernels[step]!.slice(0, passes);
  }

  #isWhole({ step, passes }: TiledStep): boolean {
    return passes === this.kernels[step]!.length;
  }

  #storedBy({ step }: TiledStep): number[] {
    return allStores(this.plan.steps[step]!).map(({ slot }) => slot);
  }

  /** How the run with another step is split. */
  #splitWith(added: TiledStep): Split {
    const { sizes } = this.slots, stores = this.#isWhole(added) ? this.#storedBy(added) : [];
    let { rows } = this.#split;
    for (const { tile } of this.#passesOf(added)) rows = greatestCommonDivisor(rows, tile!.size);
    for (const slot of stores) rows = greatestCommonDivisor(rows, sizes[slot]!);
    // Rows change a few times in a run, since they only become fewer; then all is counted again.
    const isSame = rows === this.#split.rows, of = isSame ? [added] : [...this.#steps, added];
    let { least, rowBytes, otherBytes } = isSame
      ? this.#split
      : { least: 1, rowBytes: 0, otherBytes: 0 };
    for (const each of of) {
      for (const { tile } of this.#passesOf(each)) {
        const { size, grain } = tile!;
        least = leastCommonMultiple(least, grain / greatestCommonDivisor(grain, size / rows));
      }
    }
    const touched = new Set([...readSlots(this.plan.steps[added.step]!), ...stores]);
    const isKnown = (slot: number) => this.#reads.has(slot) || this.#stored.has(slot);
    const fresh = isSame
      ? [...touched].filter((slot) => !isKnown(slot))
      : new Set([...this.#reads, ...this.#stored, ...touched]);
    for (const slot of fresh) {
      const size = sizes[slot]!;
      if (size % rows === 0) rowBytes += 4 * size / rows;
      else otherBytes += 4 * Math.min(size, MOST_BYTES / 64);
    }
    return { rows, least, rowBytes, otherBytes };
  }

  /** Whether a step reads what this run stores, or rows that it reads. */
  #isRelated(step: number): boolean {
    return readSlots(this.plan.steps[step]!).some((slot) =>
      this.#stored.has(slot) ||
      (this.#reads.has(slot) && this.slots.sizes[slot]! % this.#split.rows === 0)
    );
  }

  /** Whether a step reads of the others only its own rows, and tiles are small enough. */
  #fits(added: TiledStep, split: Split): boolean {
    const { rows, least } = split;
    if (least * 2 > rows || bytesOf(split, least) > MOST_BYTES) return false;
    const reads = expressions(this.plan.steps[added.step]!, this.#isWhole(added));
    if (loadedSlots(reads).some((slot) => this.#later.has(slot))) return false;
    return reads.every((e) =>
      readsWithinRows(
        e,
        rows,
        (slot) => this.#stored.has(slot) ? this.slots.sizes[slot] : undefined,
      )
    );
  }

  /** Whether the steps in the run are the only ones that need a slot, and need only a tile at a time. */
  #isKept(slot: number): boolean {
    if (!this.slots.isTemporary[slot]) return false;
    const first = this.#steps[0]!.step;
    return this.slots.readers[slot]!.every((reader) => {
      const own = this.#steps[reader - first];
      if (!own) return false;
      return this.#isWhole(own) || !storesRead(this.plan.steps[reader]!).has(slot);
    });
  }

  /** How the run is tiled. */
  get tiled(): TiledSteps {
    const { least, rows: all } = this.#split, { sizes } = this.slots;
    const bytes = Math.min(CACHED, Math.max(LEAST_BYTES, bytesOf(this.#split, all) / TILES));
    const rows = least * Math.max(1, Math.floor(bytes / bytesOf(this.#split, least)));
    const units = this.#steps.map((step) =>
      this.#passesOf(step).map(({ tile }) => rows * (tile!.size / all) / tile!.grain)
    );
    const kept = [...this.#stored].filter((slot) => this.#isKept(slot))
      .map((slot) => [slot, 4 * sizes[slot]! / all * rows] as const);
    return { steps: this.#steps, tiles: Math.ceil(all / rows), units, kept: new Map(kept) };
  }

  /** Whether running tile by tile is worth its calls: several passes over more than is cached anyway. */
  get saves(): boolean {
    const isMore = bytesOf(this.#split, this.#split.rows) > LEAST_BYTES;
    return isMore && (this.length > 1 || this.#steps[0]!.passes > 1);
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
    const run = new Run(plan, slots, kernels);
    while (i + run.length < plan.steps.length && run.add(i + run.length));
    if (run.length > 0 && run.saves) {
      found.push(run.tiled);
      i += run.length;
    } else found.push(i++);
  }
  return found;
}
