/**
 * Runs of expressions in machine code: recorded as they are written for WebAssembly, and called with their
 * pointers and with what is the same all along a run.
 *
 * @module
 */
import type { Expr } from "../../plan/expr.ts";
import { ROUTINES } from "./native/argument_block.ts";
import { callRoutine } from "./native/call.ts";
import { EXPRESSION, pointerOffset, sameOffset } from "./native/expression_block.ts";
import { loadExpression, type NativeExpression } from "./native/expressions.ts";
import { VECTOR_SETS } from "./native/mod.ts";
import { Trace, Untraceable } from "./native/trace.ts";
import type { NativeSet } from "./native/detect.ts";
import type { Pointer, RunPointers } from "./run_pointers.ts";
import type { RunValues } from "./run_values.ts";
import type { Known } from "../../tuple.ts";
import type { Func, Local } from "./wasm/function.ts";
import type { NativeFunction } from "./wasm/module.ts";

/** Machine code that functions may call. */
export interface NativeCalls {
  readonly set: NativeSet;
  /** The imported function. */
  readonly callee: NativeFunction;
}

/** Where expressions are stored. */
interface Stores {
  readonly exprs: readonly Expr[];
  readonly targets: Known<Pointer>;
  readonly offsets: readonly number[];
}

/** Expressions of one function in machine code. */
export class NativeRuns {
  readonly #f: Func;
  readonly #callee: NativeFunction;
  readonly #expression: NativeExpression;
  /** The locals where pointers and indices are at the beginning of a row. */
  readonly #rows: ReadonlyMap<Local, Local>;

  private constructor(
    f: Func,
    callee: NativeFunction,
    expression: NativeExpression,
    rows: ReadonlyMap<Local, Local>,
  ) {
    this.#f = f;
    this.#callee = callee;
    this.#expression = expression;
    this.#rows = rows;
  }

  /**
   * Writes machine code for the stores of runs; undefined where there is none for them.
   *
   * @param inRows Whether runs are several rows.
   */
  static of(
    f: Func,
    { set, callee }: NativeCalls,
    stores: Stores,
    values: RunValues,
    pointers: RunPointers,
    inRows: boolean,
  ): NativeRuns | undefined {
    const all = pointers.all;
    if (inRows && !all.every((pointer) => pointer.isFixed)) return undefined;
    const trace = record(stores, values);
    if (!trace) return undefined;
    const steps = new Map(all.map(({ at, rowStep }) => [at, inRows ? rowStep : 0]));
    const expression = loadExpression(VECTOR_SETS[set], trace, steps);
    const rows = new Map(all.map(({ at, row }) => [at, row]));
    return expression && new NativeRuns(f, callee, expression, rows);
  }

  /** Stores so many rows of so many elements from the pointers on. */
  store(pushCount: () => void, pushRows: () => void) {
    const f = this.#f, { code, pointers, same } = this.#expression, block = f.local("i32");
    f.global().tee(block).i32(code).access("i32.store", EXPRESSION.code);
    f.get(block);
    pushCount();
    f.access("i32.store", EXPRESSION.count).get(block);
    pushRows();
    f.access("i32.store", EXPRESSION.rows);
    pointers.forEach((local, number) => {
      f.get(block, this.#rows.get(local)!).access("i32.store", pointerOffset(number));
    });
    same.forEach((local, number) => f.get(block, local).storeLane(0, sameOffset(number)));
    callRoutine(f, this.#callee, block, ROUTINES.expression);
  }
}

/** Records what stores are made of; undefined where that is more than vectors side by side. */
function record({ exprs, targets, offsets }: Stores, values: RunValues): Trace | undefined {
  const trace = new Trace(), traced = values.writing(trace);
  try {
    traced.beginRows(exprs, 1);
    trace.segment = "vector";
    traced.vectors(exprs, 1, 0).forEach(([value], e) => {
      trace.get(targets[e]!.at, value!).access("v128.store", offsets[e]!);
    });
    return trace;
  } catch (error) {
    if (error instanceof Untraceable) return undefined;
    throw error;
  }
}
