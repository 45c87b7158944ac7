/**
 * Pointers and indices that follow a run: along a row, and from row to row.
 *
 * @module
 */
import type { Tuple } from "../../tuple.ts";
import type { Reading } from "./runs.ts";
import type { Func, Local } from "./wasm/function.ts";

/** Something that grows by a step from element to element, and by another from row to row. */
interface Steps {
  /** A number, or a local where it depends on the run. */
  readonly step: number;
  readonly rowStep: number;
  /** If given, all ones where the steps are taken, else zeros. */
  readonly taken?: Local | undefined;
}

/** A pointer, in bytes, or an index. */
export class Pointer {
  readonly #f: Func;
  readonly #taken: Local | undefined;
  /** Where the row begins. */
  readonly row: Local;
  /** Where the next vector of the row begins. */
  readonly at: Local;
  readonly step: number;
  readonly rowStep: number;

  constructor(f: Func, { step, rowStep, taken }: Steps) {
    this.#f = f;
    this.#taken = taken;
    this.step = step;
    this.rowStep = rowStep;
    this.row = f.local("i32");
    this.at = f.local("i32");
  }

  /** Whether neighbors in a row are apart and those of neighboring rows are not, wherever the run is. */
  get isTransposed(): boolean {
    return this.rowStep === 4 && this.step > 4 && this.#taken === undefined;
  }

  /** Whether several rows can be read at once. */
  get isFixed(): boolean {
    return this.#taken === undefined;
  }

  /** The distance of a vector of a row. */
  offset(row: number, number: number): number {
    return row * this.rowStep + 4 * number * this.step;
  }

  /** Goes to the beginning of the row. */
  begin() {
    this.#f.get(this.row).set(this.at);
  }

  /** Goes on by some elements. */
  advance(elements: number) {
    this.#move(this.at, elements * this.step, this.step === 4);
  }

  /** Goes on by some rows. */
  advanceRows(count: number) {
    this.#move(this.row, count * this.rowStep, false);
  }

  #move(local: Local, by: number, isAlways: boolean) {
    if (by === 0) return;
    const f = this.#f;
    f.get(local).i32(by);
    if (this.#taken !== undefined && !isAlways) f.get(this.#taken).op("i32.and");
    f.op("i32.add").set(local);
  }

  /** Pushes four elements that are a step apart, without reading beyond those wanted. */
  gather(
    f: Func,
    number: number,
    row: number,
    left: Local | { readonly fixed: number } | undefined,
  ) {
    const { step } = this, at = f.local("i32"), out = f.local("v128");
    const lanes = typeof left === "object" ? left.fixed : 4;
    const isFixed = this.#taken === undefined && typeof left !== "number";
    const offset = (lane: number) => isFixed ? this.offset(row, number) + lane * step : 0;
    const add = (distance: number) => {
      f.i32(distance);
      if (this.#taken !== undefined) f.get(this.#taken).op("i32.and");
      f.op("i32.add");
    };
    f.get(this.at);
    if (!isFixed) add(this.offset(row, number));
    f.tee(at).access("v128.load32_zero", offset(0)).set(out);
    for (let lane = 1; lane < lanes; lane++) {
      if (!isFixed) {
        f.get(at);
        add(step);
        if (typeof left === "number") f.get(at, left).i32(lane).op("i32.gt_u", "select");
        f.set(at);
      }
      f.get(at, out).loadLane(lane, offset(lane)).set(out);
    }
    f.get(out);
  }

  /** Four neighboring columns of four rows, of which the first so many are wanted. */
  columns(row: number, wanted: number): Tuple<Local, 4> {
    return [0, 1, 2, 3].map((k) => {
      const column = this.#f.local("v128"), last = Math.min(k, wanted - 1);
      const offset = this.offset(row, 0) + last * this.step;
      this.#f.get(this.at).access("v128.load", offset).set(column);
      return column;
    }) as Tuple<Local, 4>;
  }
}

/** The pointers of the runs of one function. */
export class RunPointers {
  readonly #f: Func;
  /** An address from which the whole run may be read, whatever is there. */
  readonly #anywhere: Local;
  readonly #slots = new Map<number, Map<Reading, Pointer>>();
  readonly #indices = new Map<Reading, Pointer>();
  readonly #all: Pointer[] = [];
  readonly #taken = new Map<Reading, Local>();

  constructor(f: Func, anywhere: Local) {
    this.#f = f;
    this.#anywhere = anywhere;
  }

  /** Every pointer, and what else is added. */
  get all(): readonly Pointer[] {
    return this.#all;
  }

  /** The pointer to a slot along a reading. */
  of(slot: number, reading: Reading): Pointer {
    return this.#slots.get(slot)!.get(reading)!;
  }

  /** Adds a pointer that is set elsewhere. */
  add(steps: Steps): Pointer {
    const pointer = new Pointer(this.#f, steps);
    this.#all.push(pointer);
    return pointer;
  }

  /** Sets a pointer to a slot's elements where a run begins. */
  point(slot: number, reading: Reading) {
    const readings = this.#slots.get(slot) ?? new Map<Reading, Pointer>();
    this.#slots.set(slot, readings);
    if (readings.has(reading)) return;
    const f = this.#f, { start, step, rowStep, inside } = reading, moves = step + rowStep > 0;
    const taken = moves && inside !== undefined ? this.#takenIf(reading, inside) : undefined;
    const pointer = this.add({ step: 4 * step, rowStep: 4 * rowStep, taken });
    f.get(f.base(slot), start).times(4).op("i32.add");
    if (taken !== undefined) f.get(this.#anywhere, taken).op("select");
    f.tee(pointer.row).set(pointer.at);
    readings.set(reading, pointer);
  }

  /** Sets the index that follows a reading. */
  index(reading: Reading) {
    if (this.#indices.has(reading)) return;
    const { step, rowStep } = reading, pointer = this.add({ step, rowStep });
    this.#f.get(reading.start).tee(pointer.row).set(pointer.at);
    this.#indices.set(reading, pointer);
  }

  /**
   * Pushes the index at which a reading is, and gives the distances to a vector's first element, and from
   * each to the next.
   */
  pushIndex(f: Func, reading: Reading, number: number, row: number): readonly [number, number] {
    const pointer = this.#indices.get(reading)!;
    f.get(pointer.at);
    return [pointer.offset(row, number), reading.step];
  }

  #takenIf(reading: Reading, inside: Local): Local {
    let taken = this.#taken.get(reading);
    if (taken === undefined) {
      taken = this.#f.local("i32");
      this.#f.i32(0).get(inside).op("i32.sub").set(taken);
      this.#taken.set(reading, taken);
    }
    return taken;
  }
}
