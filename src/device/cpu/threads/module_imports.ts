/**
 * What the modules of a thread import.
 *
 * @module
 */
import { nativeImports, type NativeThread } from "../native/mod.ts";

/** The memory, and, with native code, its call on this thread. */
export const moduleImports = (
  memory: WebAssembly.Memory,
  native: NativeThread | undefined,
): WebAssembly.Imports => ({ env: { memory, ...(native && nativeImports(native)) } });
