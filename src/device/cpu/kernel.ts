/**
 * Kernels of the CPU device: lists of passes, each split into work units that run in any order on any
 * thread. A unit's work depends only on its index, so results do not depend on the number of threads.
 *
 * @module
 */
import type { Access } from "../../plan/plan.ts";
import type { ArgSpec } from "../../spec.ts";
import type { Attrs } from "../../tensor.ts";
import { Func, type Local } from "./wasm/function.ts";
import type { Combine } from "./kernels/reduce/combine.ts";
import type { ModuleBuilder } from "./wasm/module.ts";
import type { Features } from "./features.ts";
import { type Known, known } from "../../tuple.ts";

/** A pass: a function (table, from, to, local) that runs the units from…to-1. */
export interface Pass {
  readonly func: Func;
  readonly units: number;
  /** If given, the pass can run tile by tile, in turn with passes of other steps. */
  readonly tile?: Tile;
}

/**
 * How the units of a pass split what it reads and stores: the first `size / grain` of them, a fraction of
 * all, touch only the first fraction of its operands and of what it stores, and so on.
 */
export interface Tile {
  /** Elements of the operand of a reduction, or of what an elementwise pass stores. */
  readonly size: number;
  /** Those of one unit. */
  readonly grain: number;
}

/** The parameters of a pass: the address table, and the address of the thread's own scratch memory. */
export const TABLE: Local = 0, LOCAL: Local = 3;

/** An argument of a kernel. */
export interface KernelOperand {
  /** The slot that holds it; undefined if it is computed. */
  readonly slot: number | undefined;
  /** What it reads if it is a view without zeros of all its argument's axes. */
  readonly viewed?: ViewedOperand;
  /** The function (table, target, from, to) that computes a range; see `RangeFunctions.of`. */
  range(aligned: boolean): Func;
  /** Functions that combine its rows of a length while they are computed, if it has such rows and is computed. */
  rows?(length: number, combine: Combine): RowFolds | undefined;
}

/** Functions (table, target, from, to) that combine rows of elements from…to-1. */
export interface RowFolds {
  /** Combines each row with itself, and stores the results one after another at the target. */
  each(): Func;
  /** Combines the rows, one after another, with that at the target. */
  into(): Func;
}

/** A view: its source, the source's elements, and how it reads them, in elements. */
export interface ViewedOperand {
  readonly source: KernelOperand;
  readonly size: number;
  readonly offset: number;
  /** The stride of each axis. */
  readonly strides: readonly number[];
}

/** The context of lowering a kernel. */
export interface KernelContext {
  readonly module: ModuleBuilder;
  readonly features: Features;
  readonly args: Known<ArgSpec>;
  readonly operands: Known<KernelOperand>;
  readonly spec: ArgSpec;
  readonly attrs: Attrs;
  /** The slot of the result. */
  readonly out: number;
  /** Reserves scratch memory of so many elements, shared by all threads, and returns its slot. */
  scratch(elements: number): number;
  /** Reserves so many bytes of scratch memory per thread. */
  reserve(bytes: number): void;
  /** What the epilogue can be applied to: any elements, or whole rows of the result; `none` if it has none. */
  readonly epilogue: "none" | "elements" | "rows";
  /**
   * Applies the epilogue to elements from…to-1 of the result: any number of its rows, which are as long as
   * its last axis. A kernel either calls this for every row, or returns `unfinished`.
   */
  finish(f: Func, from: () => void, to: () => void, aligned: boolean): void;
  /**
   * Keeps the result in the thread's scratch memory, at an offset in bytes, if only the epilogue reads it:
   * the base of the result's slot becomes that of elements from…from+elements-1. For units that write these
   * alone, through that base, and apply the epilogue to all of them.
   */
  keep(f: Func, from: () => void, elements: number, offset: number): void;
}

/** A lowered kernel. */
export interface Lowered {
  readonly passes: readonly Pass[];
  /** Whether the epilogue has yet to be applied. */
  readonly unfinished?: boolean;
}

/** Lowers one kernel. */
export type Lower = (context: KernelContext) => Lowered;

/** A kernel, with its access to each argument. */
export interface Kernel {
  readonly access: readonly Access[];
  readonly lower: Lower;
}

/** Defines a kernel. */
export const kernel = (access: readonly Access[], lower: Lower): Kernel => ({ access, lower });

/** A pass over `units`; `body` writes the code of one. */
export function pass(units: number, body: (f: Func, unit: Local) => void, tile?: Tile): Pass {
  return passOverRange(units, (f, unit, end) => f.while(unit, end, 1, () => body(f, unit)), tile);
}

/** A pass over `units`; `body` writes the code of those from the first local to below the second. */
export function passOverRange(
  units: number,
  body: (f: Func, from: Local, to: Local) => void,
  tile?: Tile,
): Pass {
  const f = new Func(["i32", "i32", "i32", "i32"]);
  body(f, 1, 2);
  return { func: f, units, ...(tile && { tile }) };
}

/** Splits a unit's index into coordinates, the last one varying fastest. */
export function coordinates(f: Func, unit: Local, sizes: readonly number[]): Known<Local> {
  const out = f.locals("i32", sizes.length), remaining = f.local("i32");
  f.get(unit).set(remaining);
  for (let d = sizes.length - 1; d > 0; d--) {
    f.get(remaining).i32(sizes[d]!).op("i32.rem_u").set(out[d]!);
    f.get(remaining).i32(sizes[d]!).op("i32.div_u").set(remaining);
  }
  f.get(remaining).set(out[0]!);
  return known(out);
}

/** Pushes the first of `total` items of a part, 0…parts; `part` pushes its number. */
export function pushShare(f: Func, part: () => void, parts: number, total: number): void {
  part();
  if (parts * total < 2 ** 32) {
    f.times(total).i32(parts).op("i32.div_u");
    return;
  }
  // That product would overflow: the first parts have an item more instead.
  const more = total % parts;
  f.times(Math.floor(total / parts));
  part();
  f.i32(more);
  part();
  f.i32(more).op("i32.lt_u", "select", "i32.add");
}

/** Sets `from` and `to` such that part `part` of `parts` has items from…to-1 of `total`. */
export function setShare(
  f: Func,
  part: Local,
  parts: number,
  total: number,
  from: Local,
  to: Local,
) {
  pushShare(f, () => f.get(part), parts, total);
  f.set(from);
  pushShare(f, () => f.get(part).plus(1), parts, total);
  f.set(to);
}

/**
 * Sets `pointer` to elements from…from+count-1 of an operand: in its slot, or, computed on demand, in the
 * thread's scratch memory at an offset in bytes.
 */
export function point(
  f: Func,
  operand: KernelOperand,
  pointer: Local,
  from: Local,
  count: () => void,
  offset: number,
  aligned: boolean,
) {
  if (operand.slot !== undefined) {
    f.get(f.base(operand.slot), from).times(4).op("i32.add").set(pointer);
    return;
  }
  f.get(LOCAL).plus(offset).set(pointer);
  f.get(TABLE, pointer, from, from);
  count();
  f.op("i32.add").call(operand.range(aligned));
}
