/**
 * Products, depthwise convolutions, transforms and expressions in machine code, for WebAssembly to call.
 *
 * @module
 */
import { offsetOf, ROUTINES } from "./argument_block.ts";
import { Assembler, REGISTER } from "./assembler.ts";
import { depthwiseCode } from "./depthwise_code.ts";
import { depthwiseGradientCode } from "./depthwise_gradient_code.ts";
import {
  addressOf,
  bindings,
  callAt,
  makeExecutable,
  mapWords,
  unmap,
} from "./executable_memory.ts";
import { jumpToExpression } from "./expressions.ts";
import type { NativeSet } from "./detect.ts";
import { productCode } from "./product_code.ts";
import type { NativeTransform } from "./transform.ts";
import { transformCode } from "./transform_code.ts";
import { AVX2, AVX512, type VectorSet } from "./vectors.ts";

/** The sets of vector instructions by name. */
export const VECTOR_SETS: Readonly<Record<NativeSet, VectorSet>> = {
  "AVX-512": AVX512,
  AVX2,
};

/** The code of a routine: a function (block, base). */
function routineCode(
  set: VectorSet,
  routine: number,
  transforms: readonly NativeTransform[],
): Uint8Array<ArrayBuffer> {
  if (routine === ROUTINES.product) return productCode(set);
  if (routine === ROUTINES.depthwise) return depthwiseCode(set);
  if (routine === ROUTINES.depthwiseGradient) return depthwiseGradientCode(set);
  if (routine === ROUTINES.expression) return jumpToExpression();
  return transformCode(set, transforms[routine - ROUTINES.transform]!);
}

/** The routines of a set of instructions in this process. Each is written when a module first calls it. */
class Routines {
  /** The code of a function (block, base) that runs the routine that the block names. */
  readonly start: number;
  readonly #set: VectorSet;
  readonly #transforms: readonly NativeTransform[];
  /** The addresses of routines that are written, else 0. */
  readonly #addresses: Uint32Array;

  constructor(set: VectorSet, transforms: readonly NativeTransform[]) {
    this.#set = set;
    this.#transforms = transforms;
    const { address, words } = mapWords(ROUTINES.transform + transforms.length);
    this.#addresses = words;
    const a = new Assembler(), { rax, rcx, rdi } = REGISTER;
    a.op("load", rax, { base: rdi, offset: offsetOf("routine") }, 32).set(rcx, address);
    a.op("load", rax, { base: rcx, index: rax, scale: 4 }, 32).jumpTo(rax);
    this.start = makeExecutable(a.code());
  }

  write(routine: number) {
    this.#addresses[routine] ||= makeExecutable(
      routineCode(this.#set, routine, this.#transforms),
    );
  }
}

const written = new Map<string, Routines>();

/** The routines of a set, once per process. */
function routinesOf(set: NativeSet, transforms: readonly NativeTransform[]): Routines {
  const key = `${set} ${transforms.length}`, known = written.get(key);
  if (known) return known;
  const routines = new Routines(VECTOR_SETS[set], transforms);
  written.set(key, routines);
  return routines;
}

/** What a thread needs to call native code; a message may carry it. */
export interface NativeThread {
  /** The address of code that calls it with the thread's block of arguments. */
  readonly start: number;
  /** The address of this block in the memory. */
  readonly block: number;
}

/** Native code for the threads of a device. */
export interface NativeCode {
  /** By number. */
  readonly threads: readonly NativeThread[];
  /** Writes routines, unless they are there, before modules call them. */
  prepare(routines: Iterable<number>): void;
  /** Frees what belongs to the device; no thread may call native code any more. */
  close(): void;
}

/**
 * Loads native code.
 *
 * @param memory A shared memory, since that never moves.
 * @param blocks The addresses of the threads' blocks of arguments.
 * @param transforms The transforms, by the numbers of their routines.
 */
export function loadNative(
  set: NativeSet,
  memory: WebAssembly.Memory,
  blocks: readonly number[],
  transforms: readonly NativeTransform[] = [],
): NativeCode {
  const routines = routinesOf(set, transforms), base = addressOf(new Uint8Array(memory.buffer));
  const { code, starts } = bindings(routines.start, blocks.map((block) => [base + block, base]));
  const address = makeExecutable(code);
  return {
    threads: blocks.map((block, i) => ({ start: address + starts[i]!, block })),
    prepare(numbers) {
      for (const number of numbers) routines.write(number);
    },
    close: () => unmap(address, code.length),
  };
}

/** What modules import for native code: the function, and the address of this thread's arguments. */
export const nativeImports = ({ start, block }: NativeThread): WebAssembly.ModuleImports => ({
  multiply: callAt(start),
  arguments: block,
});
