/**
 * Runs machine code on Linux through Deno's foreign functions, where permission for them is granted.
 *
 * @module
 */
import { Assembler, REGISTER } from "./assembler.ts";

/** The functions of the C library that are used. */
const SYMBOLS = {
  mmap: { parameters: ["usize", "usize", "i32", "i32", "i32", "i64"], result: "usize" },
  mprotect: { parameters: ["usize", "usize", "i32"], result: "i32" },
  munmap: { parameters: ["usize", "usize"], result: "i32" },
  bsearch: { parameters: ["u32", "u32", "u32", "u32", "u32"], result: "void" },
} as const;

/** Flags of memory: readable and writable, readable and executable; private, of no file, below 2³¹. */
const WRITABLE = 3, EXECUTABLE = 5, ANONYMOUS = 0x22, LOW = 0x40;

/** Whether machine code can run here without asking the user. */
export const runsMachineCode = (): boolean =>
  typeof Deno !== "undefined" && Deno.build.os === "linux" && Deno.build.arch === "x86_64" &&
  Deno.permissions.querySync({ name: "ffi" }).state === "granted";

const openLibrary = () => Deno.dlopen("libc.so.6", SYMBOLS).symbols;

let library: ReturnType<typeof openLibrary> | undefined;

const libraryOnce = () => library ??= openLibrary();

/** The address of the memory under an array, which must not move while it is used. */
export const addressOf = (bytes: Uint8Array): number =>
  Number(Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes as Uint8Array<ArrayBuffer>)));

/** Maps writable memory below 2³¹, and returns its address; throws if refused. */
function map(bytes: number): { readonly address: bigint; readonly memory: ArrayBuffer } {
  const address = libraryOnce().mmap(0n, BigInt(bytes), WRITABLE, ANONYMOUS | LOW, -1, 0n);
  const pointer = Deno.UnsafePointer.create(address);
  if (pointer === null || address === 2n ** 64n - 1n) {
    throw new Error("cpu: expected memory, found none");
  }
  return { address, memory: Deno.UnsafePointerView.getArrayBuffer(pointer, bytes) };
}

/** Maps memory for words, which are 0; throws if refused. */
export function mapWords(count: number): { readonly address: number; readonly words: Uint32Array } {
  const { address, memory } = map(4 * count);
  return { address: Number(address), words: new Uint32Array(memory) };
}

/**
 * Copies code to executable memory, and returns its address, which is below 2³¹ and the start of a page;
 * throws if refused.
 */
export function makeExecutable(code: Uint8Array): number {
  const { address, memory } = map(code.length);
  new Uint8Array(memory).set(code);
  if (libraryOnce().mprotect(address, BigInt(code.length), EXECUTABLE) !== 0) {
    unmap(Number(address), code.length);
    throw new Error("cpu: expected executable memory, found it refused");
  }
  return Number(address);
}

/** Gives memory back. */
export function unmap(address: number, bytes: number) {
  libraryOnce().munmap(BigInt(address), BigInt(bytes));
}

/** Code that calls functions with arguments of its own, and where it starts for each of these. */
export interface Bindings {
  readonly code: Uint8Array;
  readonly starts: readonly number[];
}

/** Binds the code of a function (first, second), which must return 0, to several pairs of arguments. */
export function bindings(
  code: number,
  pairs: readonly (readonly [first: number, second: number])[],
): Bindings {
  const a = new Assembler(), { rax, rsi, rdi } = REGISTER;
  const starts = pairs.map(([first, second]) => {
    const start = a.here;
    a.setLong(rdi, first).setLong(rsi, second).setLong(rax, code).jumpTo(rax);
    return start;
  });
  return { code: a.code(), starts };
}

/**
 * Calls what {@linkcode bindings} wrote to an address. A call takes less than 10 ns: it goes through the
 * comparison of `bsearch`, since V8 calls functions of libraries directly, and passes only numbers of 32
 * bits, since larger ones take a hundred. The arguments are in code instead.
 */
export function callAt(start: number): () => void {
  const { bsearch } = libraryOnce();
  return () => bsearch(0, 0, 1, 1, start);
}

/** Binds the code of a function (first, second), which must return 0, to its arguments, for good. */
export const bind = (code: number, first: number, second: number): () => void =>
  callAt(makeExecutable(bindings(code, [[first, second]]).code));
