/**
 * Writes recorded values as machine code, each into a register that is taken again after its last use.
 *
 * @module
 */
import type { Address, Assembler, Register } from "./assembler.ts";
import {
  hasOp,
  isComparison,
  isShift,
  LANE_OPS,
  writeComparison,
  writeLaneOp,
  writeMask,
  writeMasked,
  writeMultiplyAdd,
  writeSelect,
  writeShift,
  writeTest,
} from "./lane_ops.ts";
import { type TracedValue, Untraceable } from "./trace.ts";
import type { VectorSet } from "./vectors.ts";

/** Where a value is: in a vector register, in memory, or in a mask register. */
type Place = Register | Address | { readonly mask: number };

type TracedOp = TracedValue & { kind: "op" };

/** The mask registers for values, and one for moments. */
const MASKS = [2, 3, 4, 5, 6], MASK = 7;

/** The values of one segment. */
export class ValueWriter {
  readonly #a: Assembler;
  readonly #set: VectorSet;
  readonly #places: Map<number, Place>;
  readonly #lastUse: ReadonlyMap<number, number>;
  readonly #free: Register[];
  readonly #freeMasks: number[];
  /** Registers for moments. */
  readonly #first: Register;
  readonly #second: Register;

  /**
   * @param memory The places of values in memory.
   * @param lastUse The last of the values that take each, or infinity.
   */
  constructor(
    a: Assembler,
    set: VectorSet,
    memory: ReadonlyMap<number, Address>,
    lastUse: ReadonlyMap<number, number>,
  ) {
    this.#a = a;
    this.#set = set;
    this.#places = new Map(memory);
    this.#lastUse = lastUse;
    const registers = set.unmasked - 2;
    this.#first = registers;
    this.#second = registers + 1;
    this.#free = Array.from({ length: registers }, (_, i) => registers - 1 - i);
    this.#freeMasks = set.name === "AVX-512" ? [...MASKS] : [];
  }

  /** A new register for a value that is written elsewhere. */
  take(value: number): Register {
    const register = this.#free.pop();
    if (register === undefined) throw new Untraceable();
    this.#places.set(value, register);
    return register;
  }

  /** A register with a value. */
  register(value: number, temporary = this.#first): Register {
    const place = this.#places.get(value)!;
    if (typeof place === "number") return place;
    if ("mask" in place) writeMask(this.#a, temporary, place.mask);
    else this.#set.load(this.#a, temporary, place, false);
    return temporary;
  }

  /** A register or memory with a value. */
  #operand(value: number, temporary: Register): Register | Address {
    const place = this.#places.get(value)!;
    return isMask(place) ? this.register(value, temporary) : place;
  }

  /** Writes an operation. */
  write(value: number, op: TracedOp) {
    if (!hasOp(this.#set, op.name)) throw new Untraceable();
    if (op.name === "f32x4.relaxed_madd" || op.name === "f32x4.relaxed_nmadd") {
      return this.#multiplyAdd(value, op);
    }
    if (isComparison(op.name)) return this.#compare(value, op);
    if (op.name === "i32x4.relaxed_laneselect") return this.#select(value, op);
    if (op.name === "v128.and" && op.args.some((arg) => isMask(this.#places.get(arg)!))) {
      return this.#and(value, op);
    }
    const [first, second] = op.args as [number, number | undefined], a = this.#a, set = this.#set;
    if (isShift(op.name)) {
      const x = this.register(first);
      writeShift(a, set, op.name, [this.#result(value, op.args), x], op.by);
    } else if (LANE_OPS[op.name]!.single) {
      const x = this.#operand(first, this.#first);
      writeLaneOp(a, set, op.name, this.#result(value, op.args), 0, x);
    } else {
      const [x, y] = this.#ordered(op, first, second!);
      const left = this.register(x), right = this.#operand(y, this.#second);
      writeLaneOp(a, set, op.name, this.#result(value, op.args), left, right);
    }
  }

  /** The operands of an instruction in its order, memory last if possible. */
  #ordered({ name }: TracedOp, x: number, y: number): readonly [number, number] {
    const { order } = LANE_OPS[name]!;
    if (order === "reverse") return [y, x];
    return order === "any" && this.#isInMemory(x) ? [y, x] : [x, y];
  }

  #isInMemory(value: number): boolean {
    return typeof this.#places.get(value) !== "number";
  }

  /** Whether a value is in a register that may be overwritten. */
  #dies(value: number, user: number): boolean {
    return !this.#isInMemory(value) && this.#lastUse.get(value) === user;
  }

  /** Frees the places of values that are not needed after one, and takes a register for that. */
  #result(value: number, args: readonly number[]): Register {
    this.#release(value, args);
    return this.take(value);
  }

  #release(user: number, args: readonly number[], kept?: number) {
    for (const arg of new Set(args)) {
      const place = this.#places.get(arg)!;
      if (arg === kept || this.#lastUse.get(arg) !== user) continue;
      if (typeof place === "number") this.#free.push(place);
      else if (isMask(place)) this.#freeMasks.push(place.mask);
    }
  }

  #compare(value: number, { name, args }: TracedOp) {
    const [left, right] = args as [number, number], a = this.#a, set = this.#set;
    const x = this.register(left);
    const y = name.startsWith("i32") && set.name === "AVX2"
      ? this.register(right, this.#second)
      : this.#operand(right, this.#second);
    if (set.name === "AVX2") {
      return writeComparison(a, set, name, [this.#result(value, args), x, y]);
    }
    const mask = this.#freeMasks.pop();
    writeComparison(a, set, name, [mask ?? MASK, x, y]);
    if (mask === undefined) writeMask(a, this.#result(value, args), MASK);
    else {
      this.#release(value, args);
      this.#places.set(value, { mask });
    }
  }

  #select(value: number, { args }: TracedOp) {
    const [yes, no, chosen] = args as [number, number, number], set = this.#set, a = this.#a;
    const place = this.#places.get(chosen)!;
    let mask: number;
    if (isMask(place)) mask = place.mask;
    else if (set.name === "AVX2") mask = this.register(chosen);
    else {
      const x = this.register(chosen);
      writeTest(a, MASK, x, x);
      mask = MASK;
    }
    const y = this.register(no, this.#second);
    const x = this.#operand(yes, this.#first);
    writeSelect(a, set, this.#result(value, args), mask, x, y);
  }

  /** Keeps the lanes of a mask. */
  #and(value: number, { args }: TracedOp) {
    const [x, y] = args as [number, number], place = this.#places.get(y)!;
    const [other, mask] = isMask(place)
      ? [x, place.mask]
      : [y, (this.#places.get(x) as { mask: number }).mask];
    const from = this.#operand(other, this.#first);
    writeMasked(this.#a, this.#result(value, args), from, mask);
  }

  #multiplyAdd(value: number, { name, args }: TracedOp) {
    const [first, second, c] = args as [number, number, number], a = this.#a, set = this.#set;
    const [x, y] = this.#isInMemory(first) ? [second, first] : [first, second];
    const subtracts = name === "f32x4.relaxed_nmadd";
    const overwrite = (kept: number) => {
      const out = this.#places.get(kept) as Register;
      this.#release(value, args, kept);
      this.#places.set(value, out);
      return out;
    };
    const fuse = (
      form: 132 | 213 | 231,
      operands: readonly [Register, Register, Register | Address],
    ) => writeMultiplyAdd(a, set, form, operands, subtracts);
    if (this.#dies(c, value)) {
      const left = this.register(x), right = this.#operand(y, this.#second);
      return fuse(231, [overwrite(c), left, right]);
    }
    for (const [dying, other] of [[x, y], [y, x]] as const) {
      if (!this.#dies(dying, value)) continue;
      if (this.#isInMemory(other) && !this.#isInMemory(c)) {
        const right = this.#operand(other, this.#second), added = this.register(c);
        return fuse(132, [overwrite(dying), added, right]);
      }
      const left = this.register(other), added = this.#operand(c, this.#second);
      return fuse(213, [overwrite(dying), left, added]);
    }
    const left = this.register(x), right = this.#operand(y, this.#second);
    const out = this.take(value), from = this.#places.get(c)!;
    if (typeof from === "number") set.move(a, out, from);
    else if (isMask(from)) writeMask(a, out, from.mask);
    else set.load(a, out, from, false);
    fuse(231, [out, left, right]);
    this.#release(value, args);
  }
}

const isMask = (place: Place): place is { readonly mask: number } =>
  typeof place !== "number" && "mask" in place;
