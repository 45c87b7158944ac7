/**
 * Calls of native routines from WebAssembly.
 *
 * @module
 */
import type { Func, Local } from "../wasm/function.ts";
import type { NativeFunction } from "../wasm/module.ts";
import { offsetOf } from "./argument_block.ts";

/** Emits a call of a routine, whose arguments are in the block of arguments at `block`. */
export function callRoutine(f: Func, callee: NativeFunction, block: Local, routine: number) {
  callee.routines.add(routine);
  f.get(block).i32(routine).access("i32.store", offsetOf("routine")).call(callee);
}
