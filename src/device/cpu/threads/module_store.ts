/**
 * Stores modules of passes: instantiated by the caller, and published in the shared memory for workers to
 * compile.
 *
 * @module
 */
import type { Arena, Block } from "../arena.ts";
import type { NativeCode } from "../native/mod.ts";
import { MAX_EVICTED, type PassFunction, passName, WORD } from "./control_block.ts";
import { moduleImports } from "./module_imports.ts";

/** A loaded module, whose passes the tasks of several programs may share. */
export interface LoadedModule {
  readonly number: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly passes: readonly PassFunction[];
  /** Its bytes in the shared memory, for workers; undefined until a shared program needs them. */
  block: Block | undefined;
  /** The number of programs and cached kernels that use it. */
  users: number;
}

/** The modules of one device. */
export class ModuleStore {
  readonly #arena: Arena;
  readonly #words: Int32Array;
  readonly #imports: WebAssembly.Imports;
  readonly #native: NativeCode | undefined;
  #count = 0;

  constructor(arena: Arena, words: Int32Array, native?: NativeCode) {
    this.#arena = arena;
    this.#imports = moduleImports(arena.memory, native?.threads[0]);
    this.#native = native;
    this.#words = words;
  }

  /**
   * Instantiates a module of `count` passes.
   *
   * @param routines The routines of native code that it calls.
   */
  load(
    bytes: Uint8Array<ArrayBuffer>,
    count: number,
    routines: Iterable<number> = [],
  ): LoadedModule {
    this.#native?.prepare(routines);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), this.#imports);
    const passes = Array.from(
      { length: count },
      (_, i) => exports[passName(i)] as unknown as PassFunction,
    );
    return { number: this.#count++, bytes, passes, block: undefined, users: 0 };
  }

  /** Publishes a module for workers. */
  publish(module: LoadedModule) {
    if (module.block) return;
    const { bytes } = module, block = this.#arena.allocate(bytes.length, "code");
    this.#arena.bytes(block.address, bytes.length).set(bytes);
    module.block = block;
  }

  /**
   * Ends one use of a module; after the last one it is evicted.
   *
   * @param hasWorkers Whether workers may have compiled it.
   */
  release(module: LoadedModule, hasWorkers: boolean) {
    if (--module.users > 0 || !module.block) return;
    this.#arena.free(module.block);
    module.block = undefined;
    if (!hasWorkers) return;
    const words = this.#words, evictions = Atomics.load(words, WORD.evictions);
    Atomics.store(words, WORD.evicted + evictions % MAX_EVICTED, module.number);
    Atomics.store(words, WORD.evictions, evictions + 1);
  }
}
