/**
 * A WebAssembly module of functions.
 *
 * @module
 */
import { encodeName, encodeVector, unsignedLeb128 } from "./encoding.ts";
import type { Func } from "./function.ts";
import { TYPES, type ValueType } from "./opcodes.ts";

/** The memory that a module imports, in pages of 64 KiB. */
export interface MemoryType {
  readonly maximum: number;
  readonly shared: boolean;
}

/** A module: functions, of which some are exported; its memory is imported as `env.memory`. */
export class ModuleBuilder {
  readonly #functions: Func[] = [];
  readonly #exports: [string, number][] = [];

  /** Adds a function, and exports it if it is given a name. */
  add(func: Func, name?: string): Func {
    func.index = this.#functions.push(func) - 1;
    if (name !== undefined) this.#exports.push([name, func.index]);
    return func;
  }

  /** The module in WebAssembly's binary format. */
  bytes({ maximum, shared }: MemoryType): Uint8Array<ArrayBuffer> {
    const all = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    const section = (id: number, content: readonly number[]) => {
      all.push(id, ...unsignedLeb128(content.length));
      for (const byte of content) all.push(byte);
    };
    const types = (list: readonly ValueType[]) => encodeVector(list.map((t) => [TYPES[t]]));
    const memory = [2, shared ? 3 : 1, ...unsignedLeb128(1), ...unsignedLeb128(maximum)];
    section(
      1,
      encodeVector(this.#functions.map((f) => [0x60, ...types(f.params), ...types(f.results)])),
    );
    section(2, encodeVector([[...encodeName("env"), ...encodeName("memory"), ...memory]]));
    section(3, encodeVector(this.#functions.map((f) => unsignedLeb128(f.index))));
    section(
      7,
      encodeVector(
        this.#exports.map(([name, i]) => [...encodeName(name), 0, ...unsignedLeb128(i)]),
      ),
    );
    const bodies = this.#functions.map((f) => f.body);
    section(10, encodeVector(bodies.map((body) => unsignedLeb128(body.length).concat(body))));
    return Uint8Array.from(all);
  }
}
