/**
 * Runs: stretches of consecutive indices along which each view of some expressions reads neighbors, every
 * k-th element, one element, or nothing but zeros, so that it needs to be asked only where a run begins.
 * Where all views have rows of the same length, a run is several whole rows.
 *
 * @module
 */
import { type Axis, isBounded } from "../../plan/axes.ts";
import type { View } from "../../shape.ts";
import { axesInRows } from "./run_rows.ts";
import type { Func, Local } from "./wasm/function.ts";

/** How one sequence of indices follows a run. */
export interface Reading {
  /** The index where the run begins; 0 where nothing is read. */
  readonly start: Local;
  /** By how much the index grows from one element to the next. */
  readonly step: number;
  /** By how much it grows from one row to the next. */
  readonly rowStep: number;
  /** Whether anything is read, if that is not certain. */
  readonly inside?: Local | undefined;
  /** All ones where the view that makes this reading is inside its bounds, else zeros, if not certain. */
  readonly mask?: Local | undefined;
}

/** The sequence of indices of a step itself. */
export interface Run extends Reading {
  readonly step: 1;
  /** The elements of the run, if it is no whole row. */
  readonly count: Local;
  /** The number of whole rows; 0 if it is none. */
  readonly rows: Local;
}

/** Writes the code at the beginning of a run, which limits it to where every view's reading is regular. */
export class RunStart {
  readonly #f: Func;
  readonly #run: Run;
  /** The elements of a row, if runs are made of rows. */
  readonly #row: number | undefined;
  readonly #quotients = new Map<Reading, Map<number, Local>>();
  readonly #readings = new Map<Reading, Map<string, Reading>>();
  /** Whether runs may begin or end at indices that are not multiples of 4 though the range does not. */
  isRagged = false;
  /** The elements of most runs, or more, where they are no rows. */
  length = Infinity;

  constructor(f: Func, run: Run, row: number | undefined) {
    this.#f = f;
    this.#run = run;
    this.#row = row;
  }

  /** Begins a run that may extend to below an index. */
  begin(to: Local) {
    const f = this.#f, row = this.#row, { start, count, rows } = this.#run;
    f.get(to, start).op("i32.sub").set(count);
    if (row === undefined) return;
    const at = this.#coordinate(this.#run, 1, row, false);
    f.get(count).i32(row).op("i32.div_u").i32(0).get(at).op("i32.eqz", "select").set(rows);
    this.#limit(count, () => f.i32(row).get(at).op("i32.sub"));
    this.isRagged ||= row % 4 > 0;
  }

  /** Ends the run after `size` indices, counted from a multiple of it, which is that of some rows if any. */
  breakEvery(size: number) {
    const f = this.#f, row = this.#row;
    if (row === size) return;
    const place = row ?? 1, at = this.#coordinate(this.#run, place, size / place, false);
    const { count, rows } = this.#run;
    this.#limit(row ? rows : count, () => f.i32(size / place).get(at).op("i32.sub"));
    if (row === undefined) this.#shorten(size);
    this.isRagged ||= size % 4 > 0;
  }

  /** How many times `size` indices come before the run. */
  before(size: number): Local {
    return this.#quotient(this.#run, size);
  }

  /** How a view reads its source along the run. */
  enter(view: View, reading: Reading): Reading {
    const isOuter = this.#row === undefined || reading === this.#run;
    const axes = isOuter ? axesInRows(view, this.#row) : [];
    const key = [view.offset, ...axes.flatMap((a) => [a.size, a.stride, a.lo, a.hi, a.every])]
      .join();
    const known = this.#readings.get(reading) ?? new Map<string, Reading>();
    this.#readings.set(reading, known);
    const found = known.get(key) ?? this.#enter(view.offset, axes, reading);
    known.set(key, found);
    return found;
  }

  #enter(offset: number, axes: readonly Axis[], reading: Reading): Reading {
    const f = this.#f, start = f.local("i32"), conditions: (() => void)[] = [];
    let step = 0, rowStep = 0, place = 1;
    f.i32(offset);
    for (let d = axes.length - 1; d >= 0; d--) {
      const axis = axes[d]!, { size, stride, lo, every } = axis, isOutermost = d === 0;
      const at = this.#coordinate(reading, place, size, isOutermost), inner = axes.length - 1 - d;
      if (this.#row !== undefined) {
        if (inner === 0) step = stride;
        if (inner === 1) rowStep = this.#followRows(axis, at, isOutermost);
      } else if (inner === 0 && reading.step > 0) {
        step = this.#follow(axis, at, reading, isOutermost);
      }
      conditions.push(...this.#conditions(axis, at));
      if (stride > 0) {
        f.get(at).plus(-lo);
        if (every > 1) f.i32(every).op("i32.div_u");
        f.times(stride).op("i32.add");
      }
      place *= size;
    }
    f.set(start);
    if (conditions.length === 0) return { start, step, rowStep, inside: reading.inside };
    return { step, rowStep, ...this.#bounded(start, conditions, reading) };
  }

  /** Reads from 0 on where conditions do not hold. */
  #bounded(start: Local, conditions: readonly (() => void)[], { inside: outer }: Reading) {
    const f = this.#f, own = f.local("i32"), inside = f.local("i32"), mask = f.local("v128");
    conditions.forEach((condition, k) => {
      condition();
      if (k > 0) f.op("i32.and");
    });
    f.set(own).get(start).i32(0).get(own).op("select").set(start);
    f.get(own);
    if (outer !== undefined) f.get(outer).op("i32.and");
    f.set(inside).i32(0).get(own).op("i32.sub", "i32x4.splat").set(mask);
    return { start, inside, mask };
  }

  /** The coordinate of a reading's start on an axis, of which `place` indices have the same one. */
  #coordinate(reading: Reading, place: number, size: number, isOutermost: boolean): Local {
    const quotient = this.#quotient(reading, place);
    if (isOutermost) return quotient;
    const f = this.#f, at = f.local("i32"), next = this.#quotient(reading, place * size);
    f.get(quotient, next).times(size).op("i32.sub").set(at);
    return at;
  }

  #quotient(reading: Reading, place: number): Local {
    if (place === 1) return reading.start;
    const known = this.#quotients.get(reading) ?? new Map<number, Local>();
    this.#quotients.set(reading, known);
    let local = known.get(place);
    if (local === undefined) {
      const f = this.#f;
      local = f.local("i32");
      f.get(reading.start).i32(place).op("i32.div_u").set(local);
      known.set(place, local);
    }
    return local;
  }

  #conditions({ size, lo, hi, every }: Axis, at: Local): (() => void)[] {
    const f = this.#f, conditions: (() => void)[] = [];
    if (lo > 0) conditions.push(() => f.get(at).i32(lo).op("i32.ge_u"));
    if (hi < size) conditions.push(() => f.get(at).i32(hi).op("i32.lt_u"));
    if (every > 1) {
      conditions.push(() => f.get(at).plus(-lo).i32(every).op("i32.rem_u", "i32.eqz"));
    }
    return conditions;
  }

  /** Limits the run to where a view's innermost axis is regular, and gives the step with which it reads. */
  #follow(axis: Axis, at: Local, reading: Reading, isOutermost: boolean): number {
    const f = this.#f, { size, stride, lo, hi, every } = axis, { count } = this.#run;
    if (isOutermost && !isBounded(axis)) return stride * reading.step;
    this.isRagged ||= reading !== this.#run || every > 1 || [size, lo, hi].some((n) => n % 4 > 0);
    this.#shorten(
      reading.step > 1 || every > 1 ? 1 : size / (1 + Number(lo > 0) + Number(hi < size)),
    );
    if (reading.step > 1) {
      this.#limit(count, () => f.i32(1));
      return 0;
    }
    return this.#regular(axis, at, count);
  }

  #shorten(length: number) {
    this.length = Math.min(this.length, length);
  }

  /** Limits the rows of a run to where a view's axis of rows is regular, and gives the step of rows. */
  #followRows(axis: Axis, at: Local, isOutermost: boolean): number {
    if (isOutermost && !isBounded(axis)) return axis.stride;
    return this.#regular(axis, at, this.#run.rows);
  }

  /** Limits a number of coordinates to those that are read alike, and gives the step from one to the next. */
  #regular(axis: Axis, at: Local, limited: Local): number {
    this.#limit(
      limited,
      () => axis.every > 1 ? this.#untilNext(axis, at) : this.#untilBorder(axis, at),
    );
    return axis.every > 1 ? 0 : axis.stride;
  }

  /** Pushes the number of coordinates up to the next border of an axis. */
  #untilBorder({ size, lo, hi }: Axis, at: Local) {
    const f = this.#f;
    f.i32(size);
    if (hi < size) this.#unless(hi, at);
    if (lo > 0) this.#unless(lo, at);
    f.get(at).op("i32.sub");
  }

  /** Replaces the border on the stack by an earlier one, unless a coordinate is beyond that. */
  #unless(border: number, at: Local) {
    this.#f.i32(border).get(at).i32(border).op("i32.ge_u", "select");
  }

  /** Pushes the number of coordinates up to the next one that differs in whether it is read. */
  #untilNext(axis: Axis, at: Local) {
    const f = this.#f, { lo, hi, every } = axis, [beyond, left] = f.locals("i32", 2);
    this.#untilBorder(axis, at);
    f.set(left);
    f.get(at).plus(-lo).i32(every).op("i32.rem_u").set(beyond);
    f.i32(every).get(beyond).op("i32.sub").i32(1).get(beyond).op("select").tee(beyond);
    f.get(left).get(beyond, left).op("i32.lt_u", "select");
    f.get(left).get(at).i32(lo).op("i32.ge_u").get(at).i32(hi).op("i32.lt_u", "i32.and", "select");
  }

  /** Limits a number. */
  #limit(limited: Local, most: () => void) {
    const f = this.#f, value = f.local("i32");
    most();
    f.set(value).get(limited, value, limited, value).op("i32.lt_u", "select").set(limited);
  }
}
