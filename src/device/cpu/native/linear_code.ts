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

/**
 * Writes a map of values in the registers from 0 on, and returns the registers of its outputs. A register
 * is taken again once its value is not needed any more.
 *
 * @param registers The number of registers that it may use.
 */
export function writeLinearMap(
  a: Assembler,
  set: VectorSet,
  constants: ConstantTable,
  { from, steps, outputs }: LinearMap,
  registers: number,
): Register[] {
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
    throw new Error(`cpu: expected a map that needs ${registers} registers, found more`);
  };
  steps.forEach(({ x, y, by }, i) => {
    const a0 = places[x]!;
    if (y === undefined) {
      const out = free(i + 1);
      set.multiply(a, out, a0, constants.at(by));
      places.push(out);
    } else if (by === 1 || by === -1) {
      const out = free(i + 1);
      if (by === 1) set.add(a, out, a0, places[y]!);
      else set.subtract(a, out, a0, places[y]!);
      places.push(out);
    } else {
      // The sum is the register that is added to.
      const out = isFree(a0, i + 1) && x !== y ? a0 : free(i);
      if (out !== a0) set.move(a, out, a0);
      set.multiplyAdd(a, out, places[y]!, constants.at(by));
      places.push(out);
    }
  });
  return outputs.map((value) => places[value]!);
}
