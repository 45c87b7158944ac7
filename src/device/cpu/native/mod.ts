/**
 * Products, depthwise convolutions and transforms in machine code, for WebAssembly to call.
 *
 * @module
 */
import { offsetOf, ROUTINES } from "./argument_block.ts";
import { Assembler, REGISTER } from "./assembler.ts";
import { depthwiseCode } from "./depthwise_code.ts";
import { depthwiseGradientCode } from "./depthwise_gradient_code.ts";
import { addressOf, bind, makeExecutable } from "./executable_memory.ts";
import type { NativeSet } from "./detect.ts";
import { productCode } from "./product_code.ts";
import type { NativeTransform } from "./transform.ts";
import { transformsCode } from "./transforms_code.ts";
import { AVX2, AVX512, type VectorSet } from "./vectors.ts";

/** Bytes of a cache line. */
const LINE = 64;

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

/** The code of a function (block, base) that runs the routine that the block names. */
function allCode(
  set: VectorSet,
  transforms: readonly NativeTransform[],
): Uint8Array<ArrayBuffer> {
  const a = new Assembler(), routine = { base: REGISTER.rdi, offset: offsetOf("routine") };
  const others = [
    [ROUTINES.depthwise, depthwiseCode(set)],
    [ROUTINES.depthwiseGradient, depthwiseGradientCode(set)],
    [ROUTINES.transform, transformsCode(set, transforms)],
  ] as const;
  const starts = others.map(([number]) => {
    const start = a.label();
    a.compareWith(routine, number).jump(start, "equal");
    return start;
  });
  a.emit(...productCode(set));
  others.forEach(([, code], i) => {
    a.align(LINE).bind(starts[i]!);
    for (const byte of code) a.emit(byte);
  });
  return a.code();
}

const written = new Map<string, number>();

/**
 * Writes the code once per process. `memory` must be shared, since that never moves.
 *
 * @param transforms The transforms, by the numbers that calls give.
 */
export function loadNative(
  set: NativeSet,
  memory: WebAssembly.Memory,
  transforms: readonly NativeTransform[] = [],
): NativeCode {
  const key = `${set} ${transforms.length}`;
  let code = written.get(key);
  if (code === undefined) {
    code = makeExecutable(allCode(VECTOR_SETS[set], transforms));
    written.set(key, code);
  }
  return { code, base: addressOf(new Uint8Array(memory.buffer)) };
}

/** What modules import for native products: the function, and the address of this thread's arguments. */
export const nativeImports = ({ code, base }: NativeCode, block: number) => ({
  multiply: bind(code, base + block, base),
  arguments: block,
});
