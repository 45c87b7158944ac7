/**
 * The values of expressions along a run: what is the same for all its elements is computed where it begins,
 * the rest in vectors of four elements.
 *
 * @module
 */
import type { Expr } from "../../plan/expr.ts";
import type { Instruction } from "../../ops/mod.ts";
import { known } from "../../tuple.ts";
import { mayBeNaN } from "../numbers.ts";
import { INSTRUCTIONS, type Width } from "./instructions.ts";
import type { Reading, Run, RunStart } from "./runs.ts";
import type { VectorMath } from "./vector_math.ts";
import type { Func, Local } from "./wasm/function.ts";

/** The address of the kernel's own result where a run begins, and the bytes from one piece to the next. */
export interface Result {
  readonly address: Local;
  readonly piece: number;
}

/** A pointer, or an index, that follows a run. */
interface Follower {
  readonly local: Local;
  /** Its growth from one element to the next; a local where that depends on the run. */
  readonly step: number | Local;
  readonly isDynamic?: boolean;
}

/** A vector: its number in the iteration, and the values that are known of it. */
class Vector {
  readonly known = new Map<Expr, Map<Reading, Local>>();
  /** @param left How many of its elements the run has, where there may be fewer than four. */
  constructor(
    readonly number: number,
    readonly width: Width = 4,
    readonly left?: Local,
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
  /** An address from which the whole run may be read, whatever is there. */
  readonly #anywhere: Local;
  /** What is the same all along the run. */
  readonly #same = new Vector(0, 1);
  readonly #readings = new Map<Expr, Map<Reading, Reading>>();
  readonly #pointers = new Map<number, Map<Reading, Follower>>();
  readonly #indices = new Map<Reading, Follower>();

  constructor(
    f: Func,
    math: VectorMath,
    { run, result, anywhere }: { run: Run; result: Result | undefined; anywhere: Local },
  ) {
    this.#f = f;
    this.#math = math;
    this.#run = run;
    this.#result = result;
    this.#anywhere = anywhere;
  }

  /** Writes what has to be done where a run begins. */
  begin(exprs: readonly Expr[], start: RunStart) {
    for (const e of exprs) this.#begin(e, this.#run, start, new Map());
  }

  /** Locals with one vector of each expression: the `number`-th from the pointers on. */
  vector(exprs: readonly Expr[], number: number): Local[] {
    return this.#all(exprs, new Vector(number));
  }

  /** Locals with one vector of each expression, of which the run has `left` elements, or more than four. */
  last(exprs: readonly Expr[], left: Local): Local[] {
    return this.#all(exprs, new Vector(0, 4, left));
  }

  #all(exprs: readonly Expr[], vector: Vector): Local[] {
    return exprs.map((e) => this.#value(e, this.#run, vector));
  }

  /** Moves everything on by so many elements. */
  advance(elements: number) {
    const f = this.#f;
    const followers = [...this.#pointers.values()].flatMap((each) => [...each.values()]);
    for (const { local, step, isDynamic } of [...followers, ...this.#indices.values()]) {
      if (!isDynamic) f.advance(local, step * elements);
      else f.get(local, step).times(elements).op("i32.add").set(local);
    }
  }

  #begin(e: Expr, reading: Reading, start: RunStart, seen: Map<Expr, Set<Reading>>) {
    const visited = seen.get(e) ?? new Set<Reading>();
    if (visited.has(reading)) return;
    seen.set(e, visited.add(reading));
    if (e.kind === "load") this.#point(e.slot, reading);
    else if (e.kind === "view") {
      const inner = start.enter(e.view, reading);
      put(this.#readings, e, reading, inner);
      this.#begin(e.source, inner, start, seen);
    } else if (e.kind === "map") {
      for (const arg of e.args) this.#begin(arg, reading, start, seen);
      if (e.op.indexed) this.#index(reading);
    }
    if (this.#isSame(e, reading)) this.#value(e, reading, this.#same);
  }

  /** Whether all elements of a run are the same. */
  #isSame(e: Expr, reading: Reading): boolean {
    if (reading.step === 0 || e.kind === "constant") return true;
    if (e.kind === "view") return this.#isSame(e.source, this.#readings.get(e)!.get(reading)!);
    return e.kind === "map" && !e.op.indexed && e.args.every((arg) => this.#isSame(arg, reading));
  }

  /** Sets the pointer to a slot's elements. */
  #point(slot: number, reading: Reading) {
    const f = this.#f, { start, step, inside } = reading, local = f.local("i32");
    if (this.#pointers.get(slot)?.has(reading)) return;
    f.get(f.base(slot), start).times(4).op("i32.add");
    if (step === 0 || inside === undefined) {
      f.set(local);
      put(this.#pointers, slot, reading, { local, step: 4 * step });
      return;
    }
    f.get(this.#anywhere, inside).op("select").set(local);
    if (step === 1) put(this.#pointers, slot, reading, { local, step: 4 });
    else {
      const bytes = f.local("i32");
      f.i32(4 * step).i32(0).get(inside).op("select").set(bytes);
      put(this.#pointers, slot, reading, { local, step: bytes, isDynamic: true });
    }
  }

  /** Sets the index that follows a reading. */
  #index(reading: Reading) {
    if (this.#indices.has(reading)) return;
    const local = this.#f.local("i32");
    this.#f.get(reading.start).set(local);
    this.#indices.set(reading, { local, step: reading.step });
  }

  /** A local with a vector of a value. */
  #value(e: Expr, reading: Reading, vector: Vector): Local {
    for (const { known } of [this.#same, vector]) {
      const local = known.get(e)?.get(reading);
      if (local !== undefined) return local;
    }
    const local = this.#make(e, reading, vector);
    put(vector.known, e, reading, local);
    return local;
  }

  #make(e: Expr, reading: Reading, vector: Vector): Local {
    const f = this.#f;
    switch (e.kind) {
      case "load":
        this.#load(this.#pointers.get(e.slot)!.get(reading)!, vector);
        break;
      case "result": {
        const { address, piece } = this.#result!;
        f.get(address).access("v128.load", piece * (e.piece ?? 0) + 16 * vector.number);
        break;
      }
      case "constant":
        if (e.dtype === "f32") f.floats(e.value);
        else f.integers(e.value);
        break;
      case "view":
        return this.#view(e, reading, vector);
      case "map":
        this.#map(e, reading, vector);
    }
    const local = f.local("v128");
    f.set(local);
    return local;
  }

  /** Pushes four elements of a slot. */
  #load(pointer: Follower, vector: Vector) {
    const f = this.#f, { local, step, isDynamic } = pointer;
    if (vector.width === 1) f.get(local).access("v128.load32_splat");
    else if (!isDynamic && step === 4) f.get(local).access("v128.load", 16 * vector.number);
    else this.#gather(pointer, vector);
  }

  /** Pushes four elements that are a step apart, without reading beyond the run. */
  #gather({ local, step, isDynamic }: Follower, { number, left }: Vector) {
    const f = this.#f, at = f.local("i32"), out = f.local("v128");
    const isFixed = !isDynamic && left === undefined;
    const pushStep = () => isDynamic ? f.get(step) : f.i32(step);
    const next = (lane: number) => {
      if (isFixed) return;
      f.get(at);
      pushStep().op("i32.add");
      if (left !== undefined) f.get(at, left).i32(lane).op("i32.gt_u", "select");
      f.set(at);
    };
    const offset = (lane: number) => isFixed ? step * (4 * number + lane) : 0;
    f.get(local);
    if (!isFixed && number > 0) pushStep().times(4 * number).op("i32.add");
    f.tee(at).access("v128.load32_zero", offset(0)).set(out);
    for (let lane = 1; lane < 4; lane++) {
      next(lane);
      f.get(at, out).loadLane(lane, offset(lane)).set(out);
    }
    f.get(out);
  }

  #map({ op, attrs, dtype, args }: MapExpr, reading: Reading, vector: Vector) {
    const values = known(args.map((arg) => this.#value(arg, reading, vector)));
    const index = () => {
      const { local } = this.#indices.get(reading)!;
      this.#f.get(local).plus(4 * vector.number * reading.step);
      return reading.step;
    };
    INSTRUCTIONS[op.name as Instruction]({
      f: this.#f,
      args: values,
      attrs,
      dtype,
      from: args[0]?.dtype ?? dtype,
      nan: args.map(mayBeNaN),
      width: vector.width,
      index,
      math: this.#math,
    });
  }

  /** A vector of a view, of which zeros are outside. */
  #view(e: ViewExpr, reading: Reading, vector: Vector): Local {
    const f = this.#f, inner = this.#readings.get(e)!.get(reading)!;
    const source = this.#value(e.source, inner, vector);
    if (inner.mask === undefined) return source;
    const local = f.local("v128");
    f.get(source, inner.mask).op("v128.and").set(local);
    return local;
  }
}

/** Adds an entry to a map of maps. */
function put<K, L, V>(map: Map<K, Map<L, V>>, key: K, inner: L, value: V) {
  const of = map.get(key) ?? new Map<L, V>();
  map.set(key, of.set(inner, value));
}
