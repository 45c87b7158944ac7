/**
 * Compiles the expressions of a plan to WebAssembly functions that compute a range of elements.
 *
 * @module
 */
import type { Expr } from "../../plan/expr.ts";
import { foldEachRow, foldRowsInto, hasRows } from "./fold_runs.ts";
import type { RowFolds } from "./kernel.ts";
import type { Combine } from "./kernels/reduce/combine.ts";
import { known } from "../../tuple.ts";
import type { NativeCalls } from "./native_runs.ts";
import type { Pointer } from "./run_pointers.ts";
import type { ResultRows, StoreLayout } from "./store_layout.ts";
import { storeRuns, weigh } from "./store_runs.ts";
import type { VectorMath } from "./vector_math.ts";
import { Func } from "./wasm/function.ts";
import type { ModuleBuilder } from "./wasm/module.ts";

/** About how many instructions an expression has at most that is combined where native code could store it. */
const MOST_FOLDED = 20;

/** The range functions of one module. */
export class RangeFunctions {
  readonly #module: ModuleBuilder;
  readonly #math: VectorMath;
  readonly #native: NativeCalls | undefined;
  readonly #known = new Map<Expr | StoreLayout, Map<boolean, Func>>();

  constructor(module: ModuleBuilder, math: VectorMath) {
    this.#module = module;
    this.#math = math;
    const { multiply } = module, { native } = math.features;
    this.#native = multiply && native && { callee: multiply, set: native };
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

  /** Functions that combine rows of an expression; undefined if it cannot be computed in whole rows. */
  folding(expr: Expr, row: number, combine: Combine): RowFolds | undefined {
    if (expr.kind === "load" || !hasRows(expr, row)) return undefined;
    // Native code computes long expressions faster than what is stored can be loaded again.
    if (this.#native && weigh([expr]) > MOST_FOLDED) return undefined;
    const folded = { expr, row, combine };
    return {
      each: () => this.#module.add(foldEachRow(this.#math, folded)),
      into: () => this.#module.add(foldRowsInto(this.#math, folded)),
    };
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
    const zeroth = f.local("i32");
    f.get(target, i).times(4).op("i32.sub").set(zeroth);
    return storeRuns(f, this.#math, {
      i,
      to,
      exprs: known([e]),
      offsets: known([0]),
      inner: undefined,
      aligned,
      place(_, pointers, row = 0) {
        const pointer = pointers.add({ step: 4, rowStep: 4 * row });
        f.get(zeroth, i).times(4).op("i32.add").set(pointer.row);
        return { targets: known([pointer]) };
      },
    }, this.#native);
  }

  #writeStores({ size, inner, stores, result }: StoreLayout, aligned: boolean): Func {
    const f = hoisting(["i32", "i32", "i32", "i32"]),
      [, i, to, base] = f.inputs(4),
      isOneRow = inner === size;
    const [first] = known(stores), offsets = stores.map(({ offset }) => 4 * offset);
    if (isOneRow && stores.length === 1 && first.expr.kind === "load") {
      const target = f.local("i32");
      f.get(f.base(first.slot), i).times(4).op("i32.add").plus(4 * first.offset).set(target);
      return copy(f, { target, slot: first.expr.slot, i, to });
    }
    return storeRuns(f, this.#math, {
      i,
      to,
      exprs: known(stores.map(({ expr }) => expr)),
      offsets: known(offsets),
      inner: isOneRow ? undefined : inner,
      aligned,
      place(start, pointers, row = 0) {
        const placed = new Map<string, Pointer>();
        if (!isOneRow) start.breakEvery(inner);
        const place = ({ slot, stride }: Pick<ResultRows, "slot" | "stride">): Pointer => {
          const key = `${slot}/${stride}`, found = placed.get(key);
          if (found) return found;
          const rowStep = 4 * (row === inner ? stride : row),
            pointer = pointers.add({ step: 4, rowStep });
          f.get(slot === result?.slot ? base : f.base(slot), i);
          if (!isOneRow && stride !== inner) {
            f.get(start.before(inner)).times(stride - inner).op("i32.add");
          }
          f.times(4).op("i32.add").set(pointer.row);
          placed.set(key, pointer);
          return pointer;
        };
        return {
          targets: known(stores.map(place)),
          result: result && { pointer: place(result), piece: 4 * result.offset },
        };
      },
    }, this.#native);
  }
}

/** A function with parameters that sets constants at its entry. */
const hoisting = (params: readonly "i32"[]) => new Func(params, [], true);

/** Copies elements i…to-1 of a slot. */
function copy(
  f: Func,
  { target, slot, i, to }: Readonly<Record<"target" | "slot" | "i" | "to", number>>,
): Func {
  f.get(target, f.base(slot), i).i32(2).op("i32.shl", "i32.add");
  return f.get(to, i).op("i32.sub").i32(2).op("i32.shl", "memory.copy");
}
