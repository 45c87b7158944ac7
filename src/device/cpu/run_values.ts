/**
 * The values of expressions along a run: what is the same for all its elements, or for those of a row, is
 * computed once, the rest in vectors of four elements.
 *
 * @module
 */
import type { Expr } from "../../plan/expr.ts";
import type { Instruction } from "../../ops/mod.ts";
import { known } from "../../tuple.ts";
import { constantValue, mayBeNaN } from "../numbers.ts";
import { INSTRUCTIONS, type Width } from "./instructions.ts";
import type { Pointer, RunPointers } from "./run_pointers.ts";
import type { Reading, Run, RunStart } from "./runs.ts";
import { transpose } from "./transpose.ts";
import type { Vectors } from "./vector_code.ts";
import { isMath, type VectorMath } from "./vector_math.ts";
import type { Func, Local } from "./wasm/function.ts";

/** The kernel's own result: the slot's pointer, and the bytes from one piece to the next. */
export interface Result {
  readonly pointer: Pointer;
  readonly piece: number;
}

/** Vectors of four elements that are computed at once, or one element for all of a row or run. */
class Batch {
  readonly known = new Map<Expr, Map<Reading, Vectors>>();
  /**
   * @param count The number of vectors, from the pointers on.
   * @param row The number of their row.
   * @param width How many elements of a vector are computed.
   * @param left How many of them are wanted, if not all.
   */
  constructor(
    readonly count: number,
    readonly row: number,
    readonly width: Width = 4,
    readonly left?: Local | { readonly fixed: number },
  ) {}
}

type MapExpr = Expr & { kind: "map" };
type ViewExpr = Expr & { kind: "view" };

/** Writes the values of expressions along the runs of one function. */
export class RunValues {
  readonly #f: Func;
  readonly #math: VectorMath;
  readonly #run: Run;
  readonly #result: Result | undefined;
  readonly #pointers: RunPointers;
  /** What is the same all along the run. */
  readonly #same = new Batch(1, 0, 1);
  /** What is the same along a row, by rows. */
  #rows: Batch[] = [];
  #readings = new Map<Expr, Map<Reading, Reading>>();
  #extents = new Map<Expr, Map<Reading, number>>();
  /** The first row's values of the columns from the pointers on. */
  #columns: Batch | undefined;
  /** Columns of four rows that are read at once, by slots, readings, and the first row and column. */
  #squares = new Map<string, readonly Local[]>();

  constructor(
    f: Func,
    math: VectorMath,
    { run, result, pointers }: { run: Run; result: Result | undefined; pointers: RunPointers },
  ) {
    this.#f = f;
    this.#math = math;
    this.#run = run;
    this.#result = result;
    this.#pointers = pointers;
  }

  /** The same values, written elsewhere: after `begin`, for vectors of rows of their own. */
  writing(f: Func): RunValues {
    const other = new RunValues(f, this.#math, {
      run: this.#run,
      result: this.#result,
      pointers: this.#pointers,
    });
    other.#readings = this.#readings;
    other.#extents = this.#extents;
    for (const [e, readings] of this.#same.known) {
      // Constants are constants of the code there.
      if (e.kind !== "constant") other.#same.known.set(e, readings);
    }
    return other;
  }

  /** Writes what has to be done where a run begins. */
  begin(exprs: readonly Expr[], start: RunStart) {
    const seen = new Map<Expr, Set<Reading>>();
    for (const e of exprs) this.#begin(e, this.#run, start, seen);
  }

  /** Begins some rows. */
  beginRows(exprs: readonly Expr[], count: number) {
    this.#rows = Array.from({ length: count }, (_, row) => new Batch(1, row, 1));
    this.advance();
    for (const row of this.#rows) {
      for (const e of exprs) this.#beginRow(e, this.#run, row, new Set());
    }
  }

  /** Vectors of each expression. */
  vectors(exprs: readonly Expr[], count: number, row: number, left?: Batch["left"]): Vectors[] {
    const batch = new Batch(count, row, 4, left);
    if (row === 0) this.#columns = batch;
    return exprs.map((e) => this.#value(e, this.#run, batch));
  }

  /** Forgets what is known of the columns from the pointers on. */
  advance() {
    this.#squares = new Map();
    this.#columns = undefined;
  }

  #begin(e: Expr, reading: Reading, start: RunStart, seen: Map<Expr, Set<Reading>>) {
    const visited = seen.get(e) ?? new Set<Reading>();
    if (visited.has(reading)) return;
    seen.set(e, visited.add(reading));
    if (e.kind === "load") this.#pointers.point(e.slot, reading);
    else if (e.kind === "view") {
      const inner = start.enter(e.view, reading);
      const readings = this.#readings.get(e) ?? new Map<Reading, Reading>();
      this.#readings.set(e, readings.set(reading, inner));
      this.#begin(e.source, inner, start, seen);
    } else if (e.kind === "map") {
      for (const arg of e.args) this.#begin(arg, reading, start, seen);
      if (e.op.indexed) this.#pointers.index(reading);
    }
    if (this.#extent(e, reading) === SAME) this.#value(e, reading, this.#same);
  }

  #beginRow(e: Expr, reading: Reading, row: Batch, seen: Set<Expr>) {
    if (seen.has(e)) return;
    seen.add(e);
    const extent = this.#extent(e, reading);
    if (extent === ROW) this.#value(e, reading, row);
    if (extent !== VARIES) return;
    if (e.kind === "view") this.#beginRow(e.source, this.#inner(e, reading), row, seen);
    if (e.kind === "map") { for (const arg of e.args) this.#beginRow(arg, reading, row, seen); }
  }

  #inner(e: ViewExpr, reading: Reading): Reading {
    return this.#readings.get(e)!.get(reading)!;
  }

  /** How far a value is the same. */
  #extent(e: Expr, reading: Reading): number {
    const readings = this.#extents.get(e) ?? new Map<Reading, number>();
    this.#extents.set(e, readings);
    const extent = readings.get(reading) ?? this.#findExtent(e, reading);
    readings.set(reading, extent);
    return extent;
  }

  #findExtent(e: Expr, reading: Reading): number {
    if (e.kind === "constant") return SAME;
    if (e.kind === "view") return this.#extent(e.source, this.#inner(e, reading));
    if (e.kind === "map" && !e.op.indexed) {
      return Math.max(...e.args.map((arg) => this.#extent(arg, reading)));
    }
    return reading.step > 0 ? VARIES : reading.rowStep > 0 ? ROW : SAME;
  }

  /** Whether a value is the same in all rows. */
  #isColumn(e: Expr, reading: Reading): boolean {
    if (e.kind === "view") return this.#isColumn(e.source, this.#inner(e, reading));
    if (e.kind === "load") return reading.rowStep === 0;
    if (e.kind !== "map" || e.op.indexed) return e.kind === "constant";
    return e.args.every((arg) => this.#isColumn(arg, reading));
  }

  /** Vectors of a value. */
  #value(e: Expr, reading: Reading, batch: Batch): Vectors {
    const own = batch.known.get(e)?.get(reading);
    if (own) return own;
    for (const { known } of [this.#same, this.#rows[batch.row] ?? this.#same]) {
      const local = known.get(e)?.get(reading)?.[0];
      if (local !== undefined) return new Array<Local>(batch.count).fill(local);
    }
    if (batch.row > 0 && this.#isColumn(e, reading)) {
      const first = this.#columns?.known.get(e)?.get(reading);
      if (first) return first;
    }
    const vectors = this.#make(e, reading, batch);
    const readings = batch.known.get(e) ?? new Map<Reading, Vectors>();
    batch.known.set(e, readings.set(reading, vectors));
    return vectors;
  }

  /** New locals with what is pushed for each vector of a batch. */
  #each({ count }: Batch, push: (number: number) => void): Vectors {
    return Array.from({ length: count }, (_, number) => {
      const local = this.#f.local("v128");
      push(number);
      this.#f.set(local);
      return local;
    });
  }

  #make(e: Expr, reading: Reading, batch: Batch): Vectors {
    const f = this.#f;
    switch (e.kind) {
      case "load":
        return this.#load(e.slot, reading, batch);
      case "view":
        return this.#view(e, reading, batch);
      case "map":
        return this.#map(e, reading, batch);
      case "constant":
        return this.#each(batch, () => e.dtype === "f32" ? f.floats(e.value) : f.integers(e.value));
      case "result": {
        const { pointer, piece } = this.#result!, from = piece * (e.piece ?? 0);
        return this.#each(batch, (number) => {
          f.get(pointer.at).access("v128.load", from + pointer.offset(batch.row, number));
        });
      }
    }
  }

  /** Elements of a slot. */
  #load(slot: number, reading: Reading, batch: Batch): Vectors {
    const f = this.#f, pointer = this.#pointers.of(slot, reading), { row, width, left } = batch;
    if (pointer.isTransposed && width === 4 && this.#rows.length >= 4) {
      return [this.#square(`${slot}/${pointer.at}`, pointer, batch)];
    }
    return this.#each(batch, (number) => {
      if (width === 4 && pointer.step !== 4) pointer.gather(f, number, row, left);
      else {
        const load = width === 1 ? "v128.load32_splat" : "v128.load";
        f.get(pointer.at).access(load, pointer.offset(row, number));
      }
    });
  }

  /** A vector of a row, from a square of four rows and columns. */
  #square(name: string, pointer: Pointer, { row, left }: Batch): Local {
    const first = row - row % 4, key = `${name}/${first}`;
    let square = this.#squares.get(key);
    if (!square) {
      const columns = typeof left === "object" ? left.fixed : 4;
      square = transpose(this.#f, pointer.columns(first, columns));
      this.#squares.set(key, square);
    }
    return square[row % 4]!;
  }

  #map({ op, attrs, dtype, args }: MapExpr, reading: Reading, batch: Batch): Vectors {
    const values = args.map((arg) => this.#value(arg, reading, batch)), f = this.#f;
    const name = op.name as Instruction;
    const constants = known(args.map(constantValue));
    if (isMath(name)) return this.#math.of(f, name, known(values), constants);
    return this.#each(batch, (number) =>
      INSTRUCTIONS[name]({
        f,
        args: known(values.map((value) => value[number]!)),
        attrs,
        dtype,
        from: args[0]?.dtype ?? dtype,
        nan: args.map(mayBeNaN),
        constants,
        width: batch.width,
        index: () => this.#pointers.pushIndex(f, reading, number, batch.row),
        math: this.#math,
      }));
  }

  /** Vectors of a view, of which zeros are outside. */
  #view(e: ViewExpr, reading: Reading, batch: Batch): Vectors {
    const f = this.#f, inner = this.#inner(e, reading), { mask } = inner;
    const source = this.#value(e.source, inner, batch);
    if (mask === undefined) return source;
    return this.#each(batch, (number) => f.get(source[number]!, mask).op("v128.and"));
  }
}

/** How far a value is the same: all along the run, along a row, not at all. */
const SAME = 0, ROW = 1, VARIES = 2;
