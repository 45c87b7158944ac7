/**
 * The builder of a WebAssembly module.
 *
 * @module
 */
import { concatBytes } from "../../../host_data.ts";
import { type Bytes, encodeName, encodeVector, unsignedLeb128, withLength } from "./encoding.ts";
import { Func } from "./function.ts";
import { TYPES, type ValueType } from "./opcodes.ts";

/** The memory that a module imports, in pages of 64 KiB. */
export interface MemoryType {
  readonly maximum: number;
  readonly shared: boolean;
}

/** The imported function without parameters, and the numbers of the routines that it is called for. */
export class NativeFunction extends Func {
  readonly routines: Set<number> = new Set();
}

/**
 * Builds a module of functions, some of them exported, that imports its memory as `env.memory`, and, if
 * native, the function `env.multiply` and the global `env.arguments`, the address of its arguments.
 */
export class ModuleBuilder {
  /** The imported function without parameters; undefined unless native. */
  readonly multiply: NativeFunction | undefined;
  readonly #functions: Func[] = [];
  readonly #exports: [string, number][] = [];
  readonly #known = new Map<string, Func>();

  constructor(native = false) {
    this.multiply = native ? new NativeFunction([]) : undefined;
    if (this.multiply) this.multiply.index = 0;
  }

  /** Adds a function, and exports it if a name is given. */
  add(func: Func, name?: string): Func {
    func.index = this.#functions.push(func) - (this.multiply ? 0 : 1);
    if (name !== undefined) this.#exports.push([name, func.index]);
    return func;
  }

  /** The function that is known by a key, made and added the first time. */
  once(key: string, make: () => Func): Func {
    let func = this.#known.get(key);
    if (!func) {
      func = this.add(make());
      this.#known.set(key, func);
    }
    return func;
  }

  /** The module in WebAssembly's binary format. */
  bytes(memory: MemoryType): Uint8Array<ArrayBuffer> {
    const functions = this.#functions, imported = this.multiply ? [this.multiply] : [];
    return concatBytes([
      HEADER,
      ...section(1, [...imported, ...functions].map(encodeType)),
      ...section(2, [encodeMemory(memory), ...imported.flatMap(() => NATIVE)]),
      ...section(3, functions.map(({ index }) => unsignedLeb128(index))),
      ...section(7, this.#exports.map(([name, index]) => encodeExport(name, index))),
      ...section(10, functions.map(({ body }) => withLength(body))),
    ]);
  }
}

/** The format's name and version. */
const HEADER: Bytes = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** A section: its id, and a vector of parts prefixed with its length. */
const section = (id: number, parts: readonly Bytes[]): Bytes[] => [
  [id],
  withLength(encodeVector(parts)),
];

/** The type of a function; types are not shared between functions. */
function encodeType({ params, results }: Func): Uint8Array {
  const types = (list: readonly ValueType[]) => encodeVector(list.map((type) => [TYPES[type]]));
  return concatBytes([[0x60], types(params), types(results)]);
}

/** The imports of a native module: a function of the first type, and a constant i32. */
const NATIVE: readonly Bytes[] = [
  concatBytes([encodeName("env"), encodeName("multiply"), [0, 0]]),
  concatBytes([encodeName("env"), encodeName("arguments"), [3, TYPES.i32, 0]]),
];

/** The import of the memory. */
function encodeMemory({ maximum, shared }: MemoryType): Uint8Array {
  const limits = [2, shared ? 3 : 1, ...unsignedLeb128(1), ...unsignedLeb128(maximum)];
  return concatBytes([encodeName("env"), encodeName("memory"), limits]);
}

const encodeExport = (name: string, index: number): Uint8Array =>
  concatBytes([encodeName(name), [0], unsignedLeb128(index)]);
