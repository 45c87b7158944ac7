/**
 * What a kernel is to the CPU device: passes of code, each a number of units that may run in any order
 * and on any thread. What a unit computes depends on its number alone, so results do not depend on the
 * number of threads.
 *
 * @module
 */
import type { Access } from "../../plan/plan.ts";
import type { ArgSpec } from "../../spec.ts";
import type { Attrs } from "../../tensor.ts";
import { Func, type Local } from "./wasm/function.ts";
import type { ModuleBuilder } from "./wasm/module.ts";
import type { Features } from "./features.ts";
import { type Known, known } from "../../tuple.ts";

/** A pass: a function (table, from, to, local) that runs units from…to-1. */
export interface Pass {
  readonly func: Func;
  readonly units: number;
}

/** The variables of a pass: the slots' table, and the address of this thread's own scratch memory. */
export const TABLE: Local = 0, LOCAL: Local = 3;

/** An argument of a kernel. */
export interface Operand {
  /** The slot that holds it as it lies; undefined if it is computed. */
  readonly slot: number | undefined;
  /** The function (table, target, from, to) that computes a range; see `RangeFunctions.of`. */
  range(aligned: boolean): Func;
}

/** What a kernel is lowered from. */
export interface KernelContext {
  readonly module: ModuleBuilder;
  readonly features: Features;
  readonly args: Known<ArgSpec>;
  readonly operands: Known<Operand>;
  readonly spec: ArgSpec;
  readonly attrs: Attrs;
  /** The slot of the result. */
  readonly out: number;
  /** A slot of scratch memory that all threads share, of so many elements. */
  scratch(elements: number): number;
  /** Makes sure that each thread has so many bytes of scratch memory of its own. */
  reserve(bytes: number): void;
  /**
   * Applies what was fused after the kernel to elements from…to-1 of the result. A kernel either calls
   * this for every element, or returns `unfinished` passes.
   */
  finish(f: Func, from: () => void, to: () => void, aligned: boolean): void;
}

/** A kernel written out. */
export interface Lowered {
  readonly passes: readonly Pass[];
  /** Whether what was fused after the kernel is still to be applied. */
  readonly unfinished?: boolean;
}

/** Lowers one kernel. */
export type Lower = (context: KernelContext) => Lowered;

/** A kernel, and how it reads each of its arguments. */
export interface Kernel {
  readonly access: readonly Access[];
  readonly lower: Lower;
}

/** A kernel that reads its arguments so. */
export const kernel = (access: readonly Access[], lower: Lower): Kernel => ({ access, lower });

/** A pass whose units are each written by `body`. */
export function pass(units: number, body: (f: Func, unit: Local) => void): Pass {
  const f = new Func(["i32", "i32", "i32", "i32"]);
  f.while(1, 2, 1, () => body(f, 1));
  return { func: f, units };
}

/** Splits a unit's number into coordinates, the last one running fastest. */
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

/** Sets `from` and `to` such that a part has units from…to-1 of a total. */
export function setShare(
  f: Func,
  part: Local,
  parts: number,
  total: number,
  from: Local,
  to: Local,
) {
  f.get(part).times(total).i32(parts).op("i32.div_u").set(from);
  f.get(part).plus(1).times(total).i32(parts).op("i32.div_u").set(to);
}

/**
 * Sets `pointer` to where elements from…from+count-1 of an operand lie: in its slot, or, computed now, in
 * the thread's scratch memory at an offset in bytes.
 */
export function point(
  f: Func,
  operand: Operand,
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
