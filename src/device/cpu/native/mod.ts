/**
 * Products in machine code, for WebAssembly to call.
 *
 * @module
 */
import { addressOf, caller, makeExecutable } from "./executable_memory.ts";
import type { NativeSet } from "./detect.ts";
import { productCode } from "./product_code.ts";
import { AVX2, AVX512, type VectorSet } from "./vectors.ts";

/** The sets of vector instructions by name. */
export const VECTOR_SETS: Readonly<Record<NativeSet, VectorSet>> = {
  "AVX-512": AVX512,
  AVX2,
};

/** The addresses that every thread needs to call the code; a message may carry them. */
export interface NativeCode {
  readonly code: number;
  /** Where the memory of WebAssembly starts. */
  readonly base: number;
}

const written = new Map<NativeSet, number>();

/** Writes the code once per process. `memory` must be shared, since that never moves. */
export function loadNative(set: NativeSet, memory: WebAssembly.Memory): NativeCode {
  let code = written.get(set);
  if (code === undefined) written.set(set, code = makeExecutable(productCode(VECTOR_SETS[set])));
  return { code, base: addressOf(new Uint8Array(memory.buffer)) };
}

/** What modules import for native products: the function, and the address of this thread's arguments. */
export function nativeImports({ code, base }: NativeCode, block: number) {
  const call = caller(code), at = base + block;
  return { multiply: () => call(at, base), arguments: block };
}
