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

/**
 * Copies code to executable memory that is never freed, and returns its address, which is below 2³¹; throws
 * if refused.
 */
export function makeExecutable(code: Uint8Array): number {
  const { mmap, mprotect } = libraryOnce(), length = BigInt(code.length);
  const address = mmap(0n, length, WRITABLE, ANONYMOUS | LOW, -1, 0n);
  const pointer = Deno.UnsafePointer.create(address);
  if (pointer === null || address === 2n ** 64n - 1n) {
    throw new Error("cpu: expected memory, found none");
  }
  new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(pointer, code.length)).set(code);
  if (mprotect(address, length, EXECUTABLE) !== 0) {
    throw new Error("cpu: expected executable memory, found it refused");
  }
  return Number(address);
}

/**
 * Binds the code of a function (first, second), which must return 0, to its arguments. A call takes less
 * than 10 ns: it goes through the comparison of `bsearch`, since V8 calls functions of libraries directly,
 * and passes only numbers of 32 bits, since larger ones take a hundred. The arguments are in code instead.
 */
export function bind(code: number, first: number, second: number): () => void {
  const a = new Assembler(), { rax, rsi, rdi } = REGISTER;
  a.setLong(rdi, first).setLong(rsi, second).setLong(rax, code).jumpTo(rax);
  const bsearch = libraryOnce().bsearch, start = makeExecutable(a.code());
  return () => bsearch(0, 0, 1, 1, start);
}
