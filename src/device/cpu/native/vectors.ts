/**
 * The vector instructions of AVX-512 and of AVX2 with FMA that products are made of.
 *
 * @module
 */
import {
  type Address,
  type Assembler,
  isAddress,
  type Label,
  REGISTER,
  type Register,
} from "./assembler.ts";

const { rax, rcx } = REGISTER;

/** Vector instructions, with `prefix` and `map` as their encodings number them. */
const INSTRUCTIONS = {
  load: { map: 1, prefix: 0, opcode: 0x10 },
  store: { map: 1, prefix: 0, opcode: 0x11 },
  xor: { map: 1, prefix: 1, opcode: 0xef },
  broadcast: { map: 2, prefix: 1, opcode: 0x18 },
  multiplyAdd: { map: 2, prefix: 1, opcode: 0xb8 },
  add: { map: 1, prefix: 0, opcode: 0x58 },
  subtract: { map: 1, prefix: 0, opcode: 0x5c },
  multiply: { map: 1, prefix: 0, opcode: 0x59 },
  permute: { map: 3, prefix: 1, opcode: 0x04 },
  maskedLoad: { map: 2, prefix: 1, opcode: 0x2c },
  maskedStore: { map: 2, prefix: 1, opcode: 0x2e },
} as const;

type Instruction = keyof typeof INSTRUCTIONS;

/** An instruction as its encoding numbers it. */
export interface Encoding {
  readonly map: 1 | 2 | 3;
  readonly prefix: 0 | 1 | 2 | 3;
  readonly opcode: number;
}

/** A set of vector instructions. */
export interface VectorSet {
  readonly name: "AVX-512" | "AVX2";
  /** Elements of a vector. */
  readonly lanes: number;
  /** Vector registers for tiles; further ones hold the rest. */
  readonly sums: number;
  /** All vector registers, and those that a mask leaves. */
  readonly registers: number;
  readonly unmasked: number;
  /** Sets all lanes of a register to zero. */
  zero(a: Assembler, register: Register): void;
  /** Loads or stores a vector, or only the lanes of the mask. */
  load(a: Assembler, register: Register, from: Address, masked: boolean): void;
  store(a: Assembler, register: Register, to: Address, masked: boolean): void;
  /** Loads an element into all lanes. */
  broadcast(a: Assembler, register: Register, from: Address): void;
  /** sum += x · y, rounded once; y may be in memory. */
  multiplyAdd(a: Assembler, sum: Register, x: Register, y: Register | Address): void;
  /** x + y, x - y and x · y; y may be in memory. */
  add(a: Assembler, out: Register, x: Register, y: Register | Address): void;
  subtract(a: Assembler, out: Register, x: Register, y: Register | Address): void;
  multiply(a: Assembler, out: Register, x: Register, y: Register | Address): void;
  /** Picks lanes of every four of x, two bits of `lanes` for each. */
  permute(a: Assembler, out: Register, x: Register, lanes: number): void;
  /** Copies a register. */
  move(a: Assembler, out: Register, x: Register): void;
  /** Sets the mask to the lowest rcx lanes, of which there are at most `lanes`; changes rax and rcx. */
  setMask(a: Assembler, table: Label): void;
  /** The words of the table that `setMask` reads. */
  readonly table: readonly number[];
}

const vex = (
  a: Assembler,
  name: Instruction,
  register: Register,
  second: Register,
  operand: Register | Address,
) => encodeVex(a, INSTRUCTIONS[name], register, second, operand);

/** Encodes an instruction by the prefix VEX, on 256 bits. */
export function encodeVex(
  a: Assembler,
  { map, prefix, opcode }: Encoding,
  register: Register,
  second: Register,
  operand: Register | Address,
) {
  const base = isAddress(operand) ? operand.base : operand;
  const index = isAddress(operand) ? operand.index ?? 0 : 0;
  const inverted = (register >> 3 & 1) << 7 | (index >> 3 & 1) << 6 | (base >> 3 & 1) << 5;
  a.emit(0xc4, inverted ^ 0xe0 | map, (second ^ 15) << 3 | 4 | prefix, opcode);
  a.operands(register, operand);
}

const evex = (
  a: Assembler,
  name: Instruction,
  register: Register,
  second: Register,
  operand: Register | Address,
  masked = false,
) => {
  const mask = { number: 1, zeros: name !== "store" };
  const unit = name === "broadcast" ? 4 : 64;
  encodeEvex(a, INSTRUCTIONS[name], register, second, operand, { unit, ...(masked && { mask }) });
};

/** Lanes outside a mask are left out, or zero. */
export interface Masked {
  readonly number: number;
  readonly zeros: boolean;
}

/**
 * Encodes an instruction by the prefix EVEX, on 512 bits.
 *
 * @param unit The bytes by which it counts a short offset.
 */
export function encodeEvex(
  a: Assembler,
  { map, prefix, opcode }: Encoding,
  register: Register,
  second: Register,
  operand: Register | Address,
  { mask, unit = 64 }: { readonly mask?: Masked; readonly unit?: number } = {},
) {
  const base = isAddress(operand) ? operand.base : operand;
  const index = isAddress(operand) ? operand.index ?? 0 : operand >> 1;
  const inverted = (register >> 3 & 1) << 7 | (index >> 3 & 1) << 6 | (base >> 3 & 1) << 5 |
    (register >> 4) << 4;
  a.emit(0x62, inverted ^ 0xf0 | map, (second & 15 ^ 15) << 3 | 4 | prefix);
  const lanes = (mask?.zeros ? 0x80 : 0) | (mask?.number ?? 0);
  a.emit(lanes | 0x40 | (second >> 4 ^ 1) << 3, opcode);
  a.operands(register, operand, unit);
}

/** AVX-512: 32 registers of 16 lanes, masks in registers of their own. */
export const AVX512: VectorSet = {
  name: "AVX-512",
  lanes: 16,
  sums: 24,
  registers: 32,
  unmasked: 32,
  permute(a, out, x, lanes) {
    evex(a, "permute", out, 0, x);
    a.emit(lanes);
  },
  zero: (a, register) => evex(a, "xor", register, register, register),
  load: (a, register, from, masked) => evex(a, "load", register, 0, from, masked),
  store: (a, register, to, masked) => evex(a, "store", register, 0, to, masked),
  broadcast: (a, register, from) => evex(a, "broadcast", register, 0, from),
  multiplyAdd: (a, sum, x, y) => evex(a, "multiplyAdd", sum, x, y),
  add: (a, out, x, y) => evex(a, "add", out, x, y),
  subtract: (a, out, x, y) => evex(a, "subtract", out, x, y),
  multiply: (a, out, x, y) => evex(a, "multiply", out, x, y),
  move: (a, out, x) => evex(a, "load", out, 0, x),
  setMask(a) {
    // (1 << lanes) − 1, to the mask register 1 (kmovw).
    a.set(rax, 1).shiftLeft(rax).plus(rax, -1, 32).emit(0xc5, 0xf8, 0x92, 0xc8);
  },
  table: [],
};

/** The register that holds AVX2's mask. */
const MASK = 15;

/** AVX2 and FMA: 16 registers of 8 lanes. */
export const AVX2: VectorSet = {
  name: "AVX2",
  lanes: 8,
  sums: 12,
  registers: 16,
  unmasked: 15,
  permute(a, out, x, lanes) {
    vex(a, "permute", out, 0, x);
    a.emit(lanes);
  },
  zero: (a, register) => vex(a, "xor", register, register, register),
  load: (a, register, from, masked) =>
    masked ? vex(a, "maskedLoad", register, MASK, from) : vex(a, "load", register, 0, from),
  store: (a, register, to, masked) =>
    masked ? vex(a, "maskedStore", register, MASK, to) : vex(a, "store", register, 0, to),
  broadcast: (a, register, from) => vex(a, "broadcast", register, 0, from),
  multiplyAdd: (a, sum, x, y) => vex(a, "multiplyAdd", sum, x, y),
  add: (a, out, x, y) => vex(a, "add", out, x, y),
  subtract: (a, out, x, y) => vex(a, "subtract", out, x, y),
  multiply: (a, out, x, y) => vex(a, "multiply", out, x, y),
  move: (a, out, x) => vex(a, "load", out, 0, x),
  setMask(a, table) {
    // The 8 words that start so many words before the table's middle.
    a.addressOf(rax, table).negate(rcx);
    vex(a, "load", MASK, 0, { base: rax, index: rcx, scale: 4, offset: 32 });
  },
  table: [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0],
};
