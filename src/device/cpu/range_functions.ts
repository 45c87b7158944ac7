/**
 * Compiles the expressions of a plan to WebAssembly functions that compute a range of elements.
 *
 * @module
 */
import { type Expr, visitExpr } from "../../plan/expr.ts";
import { Func, type Local } from "./wasm/function.ts";
import type { ModuleBuilder } from "./wasm/module.ts";
import { type Result, RunValues } from "./run_values.ts";
import { type Run, RunStart } from "./runs.ts";
import type { StoreLayout } from "./store_layout.ts";
import type { VectorMath } from "./vector_math.ts";
import { known } from "../../tuple.ts";

/** The range functions of one module. */
export class RangeFunctions {
  readonly #module: ModuleBuilder;
  readonly #math: VectorMath;
  readonly #known = new Map<Expr | StoreLayout, Map<boolean, Func>>();

  constructor(module: ModuleBuilder, math: VectorMath) {
    this.#module = module;
    this.#math = math;
  }

  /**
   * A function (table, target, from, to) that stores elements from…to-1 of an expression at the target
   * address.
   *
   * @param aligned Whether `from` and `to` are multiples of 4 in every call.
   */
  of(e: Expr, aligned: boolean): Func {
    return this.#once(e, aligned, () => this.#write(e, aligned));
  }

  /**
   * A function (table, from, to, base) that computes and stores what a step stores at indices from…to-1,
   * where `base` is the address of the kernel's result.
   *
   * @param aligned Whether `from` and `to` are multiples of 4 in every call.
   */
  storing(layout: StoreLayout, aligned: boolean): Func {
    return this.#once(layout, aligned, () => this.#writeStores(layout, aligned));
  }

  #once(key: Expr | StoreLayout, aligned: boolean, write: () => Func): Func {
    const known = this.#known.get(key) ?? new Map<boolean, Func>();
    this.#known.set(key, known);
    const func = known.get(aligned) ?? this.#module.add(write());
    known.set(aligned, func);
    return func;
  }

  #write(e: Expr, aligned: boolean): Func {
    const f = hoisting(["i32", "i32", "i32", "i32"]), [, target, i, to] = f.inputs(4);
    if (e.kind === "load") return copy(f, { target, slot: e.slot, i, to });
    const [zeroth, pointer] = f.locals("i32", 2);
    const stores = [{ expr: e, target: pointer, offset: 0 }];
    const move = () => f.get(zeroth, i).times(4).op("i32.add").set(pointer);
    f.get(target, i).times(4).op("i32.sub").set(zeroth);
    return computeRange(f, this.#math, { i, to, stores, aligned, move });
  }

  #writeStores({ size, inner, stores, result }: StoreLayout, aligned: boolean): Func {
    const f = hoisting(["i32", "i32", "i32", "i32"]), [, i, to, base] = f.inputs(4);
    const pointers = new Map<string, { local: Local; slot: number; stride: number }>();
    const pointer = ({ slot, stride }: Pick<StoreLayout["stores"][number], "slot" | "stride">) => {
      const key = `${slot}/${stride}`;
      if (!pointers.has(key)) pointers.set(key, { local: f.local("i32"), slot, stride });
      return pointers.get(key)!.local;
    };
    const placed = stores.map((store): TargetStore => ({
      expr: store.expr,
      target: pointer(store),
      offset: 4 * store.offset,
    }));
    const at = result && { address: pointer(result), piece: 4 * result.offset };
    const isOneRow = inner === size, [first] = stores;
    if (isOneRow && stores.length === 1 && first!.expr.kind === "load") {
      const target = f.local("i32");
      f.get(f.base(first!.slot), i).times(4).op("i32.add").plus(placed[0]!.offset).set(target);
      return copy(f, { target, slot: first!.expr.slot, i, to });
    }
    const move = (start: RunStart) => {
      if (!isOneRow) start.breakEvery(inner);
      for (const { local, slot, stride } of pointers.values()) {
        f.get(slot === result?.slot ? base : f.base(slot), i);
        if (!isOneRow && stride !== inner) {
          f.get(start.row(inner)).times(stride - inner).op("i32.add");
        }
        f.times(4).op("i32.add").set(local);
      }
    };
    return computeRange(f, this.#math, { i, to, stores: placed, result: at, aligned, move });
  }
}

/** A function with parameters that sets constants at its entry. */
const hoisting = (params: readonly "i32"[]) => new Func(params, [], true);

/** The most instructions, about, that are written for two vectors at a time. */
const MOST_PAIRED = 400;

/** About how many instructions an expression is. */
function weigh(e: Expr): number {
  let weight = 0;
  visitExpr(e, (each) => weight += each.kind === "map" ? WEIGHTS[each.op.name] ?? 1 : 1);
  return weight;
}

/** The instructions of ops that are more than a few. */
const WEIGHTS: Readonly<Record<string, number>> = {
  exp: 20,
  log: 32,
  tanh: 30,
  sigmoid: 25,
  erf: 25,
  pow: 80,
  threefry: 150,
  remainder: 100,
};

/** Copies elements i…to-1 of a slot. */
function copy(
  f: Func,
  { target, slot, i, to }: Readonly<Record<"target" | "slot" | "i" | "to", number>>,
): Func {
  f.get(target, f.base(slot), i).i32(2).op("i32.shl", "i32.add");
  return f.get(to, i).op("i32.sub").i32(2).op("i32.shl", "memory.copy");
}

/** An expression, and the pointer and the offset from it, in bytes, at which it is stored. */
interface TargetStore {
  readonly expr: Expr;
  readonly target: Local;
  readonly offset: number;
}

/** A range of indices, and what is stored at each. */
interface Range {
  readonly i: Local;
  readonly to: Local;
  readonly stores: readonly TargetStore[];
  readonly result?: Result | undefined;
  readonly aligned: boolean;
  /** Sets the pointers where a run begins, and may limit it. */
  move(start: RunStart): unknown;
}

/** Stores expressions at indices i…to-1, run by run. */
function computeRange(f: Func, math: VectorMath, range: Range): Func {
  const { i, to, stores, result, aligned, move } = range, count = f.local("i32");
  const exprs = stores.map(({ expr }) => expr), [{ target: leader, offset }] = known(stores);
  const anywhere = f.local("i32"), run: Run = { start: i, step: 1, count };
  return f.while(i, to, 0, () => {
    const start = new RunStart(f, run);
    const values = new RunValues(f, math, { run, result, anywhere });
    f.get(to, i).op("i32.sub").set(count);
    move(start);
    f.get(leader).plus(offset).set(anywhere);
    values.begin(exprs, start);
    storeRun(f, values, { ...range, leader, count, isRagged: !aligned || start.isRagged });
    f.get(i, count).op("i32.add").set(i);
  });
}

/** Stores a run: two vectors at a time, then one, then what is left. */
function storeRun(
  f: Func,
  values: RunValues,
  { stores, result, leader, count, isRagged }: Range & {
    leader: Local;
    count: Local;
    isRagged: boolean;
  },
) {
  const exprs = stores.map(({ expr }) => expr), [end, left] = f.locals("i32", 2);
  const pointers = new Set(stores.map(({ target }) => target));
  if (result) pointers.add(result.address);
  const setEnd = (multiple: number) => {
    f.get(leader, count);
    if (multiple > 1) f.i32(-multiple).op("i32.and");
    f.times(4).op("i32.add").set(end);
  };
  const advance = (vectors: number) => {
    for (const pointer of pointers) f.advance(pointer, 16 * vectors);
    values.advance(4 * vectors);
  };
  const storeVectors = (vectors: number) => {
    const all = Array.from({ length: vectors }, (_, number) => values.vector(exprs, number));
    all.forEach((each, number) =>
      each.forEach((value, k) => {
        const { target, offset } = stores[k]!;
        f.get(target, value).access("v128.store", offset + 16 * number);
      })
    );
    advance(vectors);
  };
  const total = f.local("i32");
  f.get(leader, count).times(4).op("i32.add").set(total);
  if (exprs.reduce((sum, e) => sum + weigh(e), 0) <= MOST_PAIRED) {
    setEnd(8);
    f.while(leader, end, 0, () => f.temporaries(() => storeVectors(2)));
  }
  if (!isRagged) {
    f.while(leader, total, 0, () => storeVectors(1));
    return;
  }
  f.while(leader, total, 0, () => {
    f.get(total, leader).op("i32.sub").i32(2).op("i32.shr_u").set(left);
    values.last(exprs, left).forEach((value, k) => storeLanes(f, stores[k]!, value, left));
    advance(1);
  });
}

/** Stores the first `left` lanes of a vector, or all four. */
function storeLanes(f: Func, { target, offset }: TargetStore, value: Local, left: Local) {
  const lanes = f.local("v128");
  f.block(() => {
    f.get(left).i32(4).op("i32.ge_u").when(() => {
      f.get(target, value).access("v128.store", offset).exit(1);
    });
    f.get(value).set(lanes).get(left).i32(2).op("i32.and").when(() => {
      f.get(target, value).storeHalf(offset).get(value, value).shuffle(2, 3, 2, 3).set(lanes);
    });
    f.get(left).i32(1).op("i32.and").when(() => {
      f.get(left).i32(2).op("i32.and").times(4).get(target).op("i32.add").get(lanes);
      f.storeLane(0, offset);
    });
  });
}
