/**
 * Runs machine code on Linux through Deno's foreign functions, where permission for them is granted.
 *
 * @module
 */

/** The functions of the C library that are used. */
const SYMBOLS = {
  mmap: { parameters: ["usize", "usize", "i32", "i32", "i32", "i64"], result: "usize" },
  mprotect: { parameters: ["usize", "usize", "i32"], result: "i32" },
  bsearch: { parameters: ["usize", "usize", "usize", "usize", "usize"], result: "usize" },
} as const;

/** Flags of memory: readable and writable, readable and executable; private, of no file. */
const WRITABLE = 3, EXECUTABLE = 5, ANONYMOUS = 0x22;

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

/** Copies code to executable memory that is never freed, and returns its address; throws if refused. */
export function makeExecutable(code: Uint8Array): number {
  const { mmap, mprotect } = libraryOnce(), length = BigInt(code.length);
  const address = mmap(0n, length, WRITABLE, ANONYMOUS, -1, 0n);
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
 * A function that calls the code of a function (first, second), which must return 0. The call goes through
 * the comparison of `bsearch`, since V8 calls functions of libraries about five times as fast as others.
 */
export function caller(code: number): (first: number, second: number) => void {
  const bsearch = libraryOnce().bsearch as unknown as (...args: number[]) => unknown;
  return (first, second) => {
    bsearch(first, second, 1, 1, code);
  };
}
