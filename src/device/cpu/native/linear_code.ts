/**
 * The native code of linear maps, between vector registers.
 *
 * @module
 */
import type { Address, Assembler, Register } from "./assembler.ts";
import type { LinearMap } from "./transform.ts";
import type { VectorSet } from "./vectors.ts";

/** Constants of code, each in all lanes of a vector, in a table behind a register. */
export class ConstantTable {
  readonly #values: number[] = [];
  readonly #bytes: number;
  readonly #base: Register;

  constructor(set: VectorSet, base: Register) {
    this.#bytes = 4 * set.lanes;
    this.#base = base;
  }

  /** The address of a constant. */
  at(value: number): Address {
    let index = this.#values.indexOf(value);
    if (index < 0) index = this.#values.push(value) - 1;
    return { base: this.#base, offset: index * this.#bytes };
  }

  /** Writes the table. */
  write(a: Assembler) {
    for (const value of this.#values) {
      const [bits] = new Uint32Array(Float32Array.of(value).buffer) as unknown as [number];
      a.words(...new Array<number>(this.#bytes / 4).fill(bits));
    }
  }
}

/** A map with a register for each value. */
export interface AssignedMap extends LinearMap {
  readonly places: readonly Register[];
}

/**
 * Assigns registers to the values of a map: those from 0 on to its inputs. A register is taken again once
 * its value is not needed any more.
 *
 * @param registers The number of registers.
 */
export function assignRegisters(map: LinearMap, registers: number): AssignedMap {
  const { from, steps, outputs } = map;
  const places: Register[] = Array.from({ length: from }, (_, i) => i);
  const lastUse = (value: number) =>
    outputs.includes(value)
      ? Infinity
      : steps.findLastIndex(({ x, y }) => x === value || y === value);
  const last = Array.from({ length: from + steps.length }, (_, value) => lastUse(value));
  const isFree = (register: Register, step: number) =>
    places.every((place, value) => place !== register || last[value]! < step);
  const free = (step: number): Register => {
    for (let r = 0; r < registers; r++) if (isFree(r, step)) return r;
    throw new Error(`cpu: expected a map for ${registers} registers, found one that needs more`);
  };
  steps.forEach(({ x, y, by }, i) => {
    // What is multiplied and added must not be overwritten first.
    const keeps = y !== undefined && by !== 1 && by !== -1;
    if (!keeps) places.push(free(i + 1));
    else places.push(isFree(places[x]!, i + 1) && x !== y ? places[x]! : free(i));
  });
  return { ...map, places };
}

/** Writes a map, and returns the registers of its outputs. */
export function writeLinearMap(
  a: Assembler,
  set: VectorSet,
  constants: ConstantTable,
  { from, steps, outputs, places }: AssignedMap,
): Register[] {
  steps.forEach(({ x, y, by }, i) => {
    const out = places[from + i]!, first = places[x]!;
    if (y === undefined) set.multiply(a, out, first, constants.at(by));
    else if (by === 1) set.add(a, out, first, places[y]!);
    else if (by === -1) set.subtract(a, out, first, places[y]!);
    else {
      if (out !== first) set.move(a, out, first);
      set.multiplyAdd(a, out, places[y]!, constants.at(by));
    }
  });
  return outputs.map((value) => places[value]!);
}
