/**
 * An assembler of x86-64 code: labels, integer instructions, and the encoding of operands.
 *
 * @module
 */

/** The integer registers, by their numbers in code. */
export const REGISTER = {
  rax: 0,
  rcx: 1,
  rdx: 2,
  rbx: 3,
  rsp: 4,
  rbp: 5,
  rsi: 6,
  rdi: 7,
  r8: 8,
  r9: 9,
  r10: 10,
  r11: 11,
  r12: 12,
  r13: 13,
  r14: 14,
  r15: 15,
} as const;

/** An integer or vector register. */
export type Register = number;

/** An operand in memory: base + scale · index + offset, or a label. */
export interface Address {
  readonly base: Register;
  readonly index?: Register;
  readonly scale?: 1 | 2 | 4 | 8;
  readonly offset?: number;
}

/** A place in the code, bound to it once. */
export interface Label {
  at: number;
  /** The positions of the 32-bit distances to it. */
  readonly uses: number[];
}

/** Integer instructions of a register and a register or memory, by their opcodes. */
const INTEGER = {
  load: [0x8b],
  store: [0x89],
  signExtend: [0x63],
  address: [0x8d],
  add: [0x03],
  addTo: [0x01],
  subtract: [0x2b],
  subtractFrom: [0x29],
  compare: [0x3b],
  test: [0x85],
  clear: [0x33],
  multiply: [0x0f, 0xaf],
  moveIfBelow: [0x0f, 0x42],
} as const;

/** The conditions of jumps after a comparison. */
const CONDITIONS = { equal: 4, notEqual: 5, below: 2, aboveOrEqual: 3 } as const;

/** Whether an operand is in memory. */
export const isAddress = (operand: Register | Address): operand is Address =>
  typeof operand !== "number";

/** Assembles code. */
export class Assembler {
  #bytes = new Uint8Array(1 << 12);
  #length = 0;
  readonly #labels: Label[] = [];

  /** The address of the next instruction, from the start of the code. */
  get here(): number {
    return this.#length;
  }

  #append(byte: number) {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }

  /** Appends bytes. */
  emit(...bytes: readonly number[]): this {
    for (let i = 0; i < bytes.length; i++) this.#append(bytes[i]!);
    return this;
  }

  /** Appends 32-bit words. */
  words(...words: readonly number[]): this {
    for (const word of words) this.emit(word, word >> 8, word >> 16, word >> 24);
    return this;
  }

  /** Appends zeros up to a multiple of so many bytes. */
  align(bytes: number): this {
    while (this.here % bytes) this.emit(0);
    return this;
  }

  /** A new label. */
  label(): Label {
    const label = { at: -1, uses: [] };
    this.#labels.push(label);
    return label;
  }

  /** Binds a label to this place. */
  bind(label: Label): this {
    label.at = this.here;
    return this;
  }

  /** Appends the 32-bit distance from the end of itself to a label. */
  #distance(label: Label): this {
    label.uses.push(this.here);
    return this.words(0);
  }

  /**
   * The operands of an instruction: a register (or digit of the opcode), and a register or memory.
   *
   * @param unit The bytes by which a vector instruction counts a short offset.
   */
  operands(register: Register, operand: Register | Address, unit = 1): this {
    const field = (register & 7) << 3;
    if (!isAddress(operand)) return this.emit(0xc0 | field | operand & 7);
    const { base, index, scale = 1, offset = 0 } = operand, short = offset / unit;
    const isShort = Number.isInteger(short) && short >= -128 && short < 128;
    const mode = offset === 0 && (base & 7) !== REGISTER.rbp ? 0 : isShort ? 0x40 : 0x80;
    if (index !== undefined || (base & 7) === REGISTER.rsp) {
      const indexField = (index ?? REGISTER.rsp) & 7;
      this.emit(mode | field | 4, Math.log2(scale) << 6 | indexField << 3 | base & 7);
    } else this.emit(mode | field | base & 7);
    return mode === 0 ? this : mode === 0x40 ? this.emit(short & 255) : this.words(offset);
  }

  /** The prefix of an integer instruction on 32 or 64 bits. */
  #prefix(register: Register, operand: Register | Address, bits: 32 | 64): this {
    const base = isAddress(operand) ? operand.base : operand;
    const index = isAddress(operand) ? operand.index ?? 0 : 0;
    const rex = (bits === 64 ? 8 : 0) | register >> 3 << 2 | index >> 3 << 1 | base >> 3;
    return rex === 0 ? this : this.emit(0x40 | rex);
  }

  /** An integer instruction of a register and a register or memory. */
  op(
    name: keyof typeof INTEGER,
    register: Register,
    operand: Register | Address,
    bits: 32 | 64 = 64,
  ) {
    return this.#prefix(register, operand, bits).emit(...INTEGER[name]).operands(register, operand);
  }

  /** Adds a constant to a register or memory. */
  plus(operand: Register | Address, value: number, bits: 32 | 64 = 64): this {
    return this.#prefix(0, operand, bits).emit(0x81).operands(0, operand).words(value);
  }

  /** Keeps the bits of a constant in a 32-bit register. */
  and(register: Register, bits: number): this {
    return this.#prefix(0, register, 32).emit(0x81).operands(4, register).words(bits);
  }

  /** Compares a register or memory with a constant. */
  compareWith(operand: Register | Address, value: number, bits: 32 | 64 = 32): this {
    return this.#prefix(0, operand, bits).emit(0x81).operands(7, operand).words(value);
  }

  /** Sets a register to a constant below 2³². */
  set(register: Register, value: number): this {
    return this.#prefix(0, register, 32).emit(0xc7).operands(0, register).words(value);
  }

  /** Sets a register to a constant below 2⁵³. */
  setLong(register: Register, value: number): this {
    this.emit(0x48 | register >> 3, 0xb8 | register & 7);
    return this.words(value % 2 ** 32, Math.floor(value / 2 ** 32));
  }

  /** Divides eax by a register, unsigned; uses edx. */
  divideBy(register: Register): this {
    this.op("clear", REGISTER.rdx, REGISTER.rdx, 32);
    return this.#prefix(0, register, 32).emit(0xf7).operands(6, register);
  }

  /** Shifts a 32-bit register left by cl. */
  shiftLeft(register: Register): this {
    return this.#prefix(0, register, 32).emit(0xd3).operands(4, register);
  }

  /** Negates a 64-bit register. */
  negate(register: Register): this {
    return this.#prefix(0, register, 64).emit(0xf7).operands(3, register);
  }

  /** Sets a register to the address of a label. */
  addressOf(register: Register, label: Label): this {
    this.emit(0x48 | register >> 3 << 2, 0x8d, (register & 7) << 3 | 5);
    return this.#distance(label);
  }

  /** Jumps to a label, always or on a condition. */
  jump(label: Label, condition?: keyof typeof CONDITIONS): this {
    if (condition === undefined) this.emit(0xe9);
    else this.emit(0x0f, 0x80 | CONDITIONS[condition]);
    return this.#distance(label);
  }

  /** Jumps to the address in a register. */
  jumpTo(register: Register): this {
    return this.#prefix(0, register, 32).emit(0xff).operands(4, register);
  }

  /** Calls the function at the address in a register. */
  call(register: Register): this {
    return this.#prefix(0, register, 32).emit(0xff).operands(2, register);
  }

  /** Fetches a cache line into the L2 cache. */
  prefetch(line: Address): this {
    return this.#prefix(0, line, 32).emit(0x0f, 0x18).operands(2, line);
  }

  /** Pushes registers. */
  push(...registers: readonly Register[]): this {
    for (const r of registers) this.#prefix(0, r, 32).emit(0x50 | r & 7);
    return this;
  }

  /** Pops registers, the last one first. */
  pop(...registers: readonly Register[]): this {
    for (const r of registers.toReversed()) this.#prefix(0, r, 32).emit(0x58 | r & 7);
    return this;
  }

  /** Returns from a function. */
  return(): this {
    return this.emit(0xc3);
  }

  /** The code, which runs at any address. */
  code(): Uint8Array<ArrayBuffer> {
    const code = this.#bytes.slice(0, this.#length), view = new DataView(code.buffer);
    for (const { at, uses } of this.#labels) {
      for (const use of uses) view.setInt32(use, at - use - 4, true);
    }
    return code;
  }
}
