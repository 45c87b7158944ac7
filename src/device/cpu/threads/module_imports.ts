/**
 * What the modules of a thread import.
 *
 * @module
 */
import { type NativeCode, nativeImports } from "../native/mod.ts";
import { argumentsAddress } from "./control_block.ts";

/** The memory, and, with native code, the call of products on this thread: 0 for the caller's, or a worker. */
export const moduleImports = (
  memory: WebAssembly.Memory,
  native: NativeCode | undefined,
  thread: number,
): WebAssembly.Imports => ({
  env: { memory, ...(native && nativeImports(native, argumentsAddress(thread))) },
});
