/**
 * Detects which vector instructions native code may use.
 *
 * @module
 */
import { Assembler, REGISTER } from "./assembler.ts";
import { addressOf, bind, makeExecutable, runsMachineCode } from "./executable_memory.ts";
import type { VectorSet } from "./vectors.ts";

/** The name of a set of vector instructions. */
export type NativeSet = VectorSet["name"];

const { rax, rbx, rcx, rdi } = REGISTER;

/** Bits of the words that the processor answers. */
const FMA = 1 << 12, SYSTEM_SAVES = 1 << 27, AVX = 1 << 28, AVX2 = 1 << 5, AVX512F = 1 << 16;
/** Registers that the system saves for a thread: of 256 bits, and of 512 bits with masks. */
const SAVES_256 = 0x06, SAVES_512 = 0xe6;

/** The code of a function (words): stores the largest leaf, ecx of leaf 1, ebx of leaf 7, and xcr0. */
function identify(): Uint8Array {
  const a = new Assembler(), end = a.label();
  const leaf = (number: number) => a.set(rax, number).op("clear", rcx, rcx, 32).emit(0x0f, 0xa2); // cpuid
  a.push(rbx);
  leaf(0).op("store", rax, { base: rdi }, 32);
  leaf(7).op("store", rbx, { base: rdi, offset: 8 }, 32);
  leaf(1).op("store", rcx, { base: rdi, offset: 4 }, 32);
  a.and(rcx, SYSTEM_SAVES).jump(end, "equal");
  a.op("clear", rcx, rcx, 32).emit(0x0f, 0x01, 0xd0); // xgetbv
  a.op("store", rax, { base: rdi, offset: 12 }, 32).bind(end);
  return a.op("clear", rax, rax, 32).pop(rbx).return().code();
}

/** The best set of instructions that the processor and the system support. */
function supported(): NativeSet | undefined {
  const words = new Uint32Array(4);
  const address = addressOf(new Uint8Array(words.buffer));
  bind(makeExecutable(identify()), address, 0)();
  const [most, leaf1, leaf7, saved] = words as unknown as [number, number, number, number];
  const hasAll = (word: number, bits: number) => (word & bits) === bits;
  if (most < 7 || !hasAll(leaf1, FMA | AVX | SYSTEM_SAVES) || !hasAll(leaf7, AVX2)) return;
  if (!hasAll(saved, SAVES_256)) return;
  return hasAll(leaf7, AVX512F) && hasAll(saved, SAVES_512) ? "AVX-512" : "AVX2";
}

let detected: { readonly set: NativeSet | undefined } | undefined;

/**
 * Detects the best set of vector instructions for native code; undefined where machine code cannot run or
 * permission is not granted.
 */
export function detectNative(): NativeSet | undefined {
  if (!detected) {
    try {
      detected = { set: runsMachineCode() ? supported() : undefined };
    } catch {
      detected = { set: undefined };
    }
  }
  return detected.set;
}
