/**
 * A module by itself, with a memory of its own, apart from a device.
 *
 * @module
 */
import type { ModuleBuilder } from "./module.ts";

/** Bytes of a page, and the most pages. */
const PAGE = 65_536, MOST_PAGES = 65_536;

/** A module's exported functions, and its memory. */
export interface Instance {
  readonly functions: Readonly<Record<string, (...numbers: number[]) => void>>;
  /** The memory's bytes, of which there are then at least so many; earlier views are detached where it grows. */
  bytes(least: number): Uint8Array<ArrayBuffer>;
}

/** Compiles a module and makes its instance. */
export function instantiate(module: ModuleBuilder): Instance {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES });
  const code = new WebAssembly.Module(module.bytes({ maximum: MOST_PAGES, shared: false }));
  const { exports } = new WebAssembly.Instance(code, { env: { memory } });
  return {
    functions: exports as Instance["functions"],
    bytes(least) {
      const missing = least - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      return new Uint8Array(memory.buffer as ArrayBuffer);
    },
  };
}
