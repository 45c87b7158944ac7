/**
 * Operations on the lanes of vectors in machine code, by their names in WebAssembly.
 *
 * @module
 */
import type { Address, Assembler, Register } from "./assembler.ts";
import type { VectorOp } from "./trace.ts";
import { encodeEvex, encodeVex, type Encoding, type Masked, type VectorSet } from "./vectors.ts";

/** A vector instruction, with what is fixed about it. */
interface LaneOp extends Encoding {
  /** A last byte. */
  readonly immediate?: number;
  /** Whether the operands may be swapped, and whether they have to be. */
  readonly order?: "any" | "reverse";
  /** Whether it takes one vector only. */
  readonly single?: true;
  /** Whether AVX2 lacks it. */
  readonly wide?: true;
}

/** Instructions of one or two vectors. */
export const LANE_OPS: Partial<Readonly<Record<VectorOp, LaneOp>>> = {
  "v128.and": { map: 1, prefix: 1, opcode: 0xdb, order: "any" },
  "v128.or": { map: 1, prefix: 1, opcode: 0xeb, order: "any" },
  "v128.xor": { map: 1, prefix: 1, opcode: 0xef, order: "any" },
  "f32x4.floor": { map: 3, prefix: 1, opcode: 0x08, immediate: 1, single: true },
  "f32x4.sqrt": { map: 1, prefix: 0, opcode: 0x51, single: true },
  "i32x4.add": { map: 1, prefix: 1, opcode: 0xfe, order: "any" },
  "i32x4.sub": { map: 1, prefix: 1, opcode: 0xfa },
  "i32x4.mul": { map: 2, prefix: 1, opcode: 0x40, order: "any" },
  "i32x4.min_s": { map: 2, prefix: 1, opcode: 0x39, order: "any" },
  "i32x4.min_u": { map: 2, prefix: 1, opcode: 0x3b, order: "any" },
  "i32x4.max_s": { map: 2, prefix: 1, opcode: 0x3d, order: "any" },
  "i32x4.max_u": { map: 2, prefix: 1, opcode: 0x3f, order: "any" },
  "f32x4.add": { map: 1, prefix: 0, opcode: 0x58, order: "any" },
  "f32x4.sub": { map: 1, prefix: 0, opcode: 0x5c },
  "f32x4.mul": { map: 1, prefix: 0, opcode: 0x59, order: "any" },
  "f32x4.div": { map: 1, prefix: 0, opcode: 0x5e },
  // Where the comparison does not hold, the processor returns the second operand, WebAssembly the first.
  "f32x4.pmin": { map: 1, prefix: 0, opcode: 0x5d, order: "reverse" },
  "f32x4.pmax": { map: 1, prefix: 0, opcode: 0x5f, order: "reverse" },
  "f32x4.convert_i32x4_s": { map: 1, prefix: 0, opcode: 0x5b, single: true },
  "f32x4.convert_i32x4_u": { map: 1, prefix: 3, opcode: 0x7a, single: true, wide: true },
};

/** Shifts by a constant: the digit of the opcode. */
const SHIFTS: Partial<Readonly<Record<VectorOp, number>>> = {
  "i32x4.shl": 6,
  "i32x4.shr_s": 4,
  "i32x4.shr_u": 2,
};

/** Comparisons: whether of floats or of signed or unsigned integers, and their numbers. */
const COMPARISONS: Partial<
  Readonly<Record<VectorOp, readonly ["float" | "signed" | "unsigned", number]>>
> = {
  "f32x4.eq": ["float", 0],
  "f32x4.lt": ["float", 1],
  "f32x4.le": ["float", 2],
  "f32x4.ne": ["float", 4],
  "i32x4.eq": ["signed", 0],
  "i32x4.lt_s": ["signed", 1],
  "i32x4.le_s": ["signed", 2],
  "i32x4.ne": ["signed", 4],
  "i32x4.lt_u": ["unsigned", 1],
  "i32x4.le_u": ["unsigned", 2],
};

export const isShift = (name: VectorOp): boolean => name in SHIFTS;
export const isComparison = (name: VectorOp): boolean => name in COMPARISONS;

const isWide = (set: VectorSet) => set.name === "AVX-512";

/** Encodes an instruction of a set. */
function encode(
  a: Assembler,
  set: VectorSet,
  code: Encoding,
  [out, x, y]: readonly [Register, Register, Register | Address],
  mask?: Masked,
) {
  if (isWide(set)) encodeEvex(a, code, out, x, y, { ...(mask && { mask }) });
  else encodeVex(a, code, out, x, y);
}

/** Whether a set has an operation. */
export function hasOp(set: VectorSet, name: VectorOp): boolean {
  if (isWide(set)) return true;
  const [kind, number] = COMPARISONS[name] ?? ["float", 0];
  return !LANE_OPS[name]?.wide && (kind === "float" || (kind === "signed" && number < 2));
}

/** An instruction of one vector, or of two. */
export function writeLaneOp(
  a: Assembler,
  set: VectorSet,
  name: VectorOp,
  out: Register,
  x: Register,
  y: Register | Address,
) {
  const op = LANE_OPS[name]!;
  encode(a, set, op, [out, op.single ? 0 : x, y]);
  if (op.immediate !== undefined) a.emit(op.immediate);
}

/** Shifts each lane by a constant. */
export function writeShift(
  a: Assembler,
  set: VectorSet,
  name: VectorOp,
  [out, x]: readonly [Register, Register],
  by: number,
) {
  encode(a, set, { map: 1, prefix: 1, opcode: 0x72 }, [SHIFTS[name]!, out, x]);
  a.emit(by & 31);
}

/** The forms of multiply-add, by which operands are multiplied: the first is overwritten. */
const MULTIPLY_ADD = { 132: 0x98, 213: 0xa8, 231: 0xb8 } as const;

/** out, x and y multiplied and added in one of the forms; or the product is subtracted. */
export function writeMultiplyAdd(
  a: Assembler,
  set: VectorSet,
  form: keyof typeof MULTIPLY_ADD,
  operands: readonly [Register, Register, Register | Address],
  subtracts: boolean,
) {
  const opcode = MULTIPLY_ADD[form] + (subtracts ? 4 : 0);
  encode(a, set, { map: 2, prefix: 1, opcode }, operands);
}

/** Compares into a vector of all ones or zeros, or, with AVX-512, into a mask register. */
export function writeComparison(
  a: Assembler,
  set: VectorSet,
  name: VectorOp,
  operands: readonly [Register, Register, Register | Address],
) {
  const [kind, number] = COMPARISONS[name]!, [out, x, y] = operands;
  if (kind === "float") encode(a, set, { map: 1, prefix: 0, opcode: 0xc2 }, operands);
  else if (isWide(set)) {
    const opcode = kind === "signed" ? 0x1f : 0x1e;
    encode(a, set, { map: 3, prefix: 1, opcode }, operands);
  } else if (number === 0) encode(a, set, { map: 1, prefix: 1, opcode: 0x76 }, operands);
  // Greater is all that AVX2 has.
  else return encode(a, set, { map: 1, prefix: 1, opcode: 0x66 }, [out, y as Register, x]);
  if (kind === "float" || isWide(set)) a.emit(number);
}

/** AVX-512: all ones in the lanes of a mask register, else zeros. */
export function writeMask(a: Assembler, out: Register, mask: number) {
  const all = { map: 3, prefix: 1, opcode: 0x25 } as const;
  encodeEvex(a, all, out, out, out, { mask: { number: mask, zeros: true } });
  a.emit(0xff);
}

/** AVX-512: a vector in the lanes of a mask register, else zeros. */
export function writeMasked(a: Assembler, out: Register, x: Register | Address, mask: number) {
  const move = { map: 1, prefix: 0, opcode: 0x10 } as const;
  encodeEvex(a, move, out, 0, x, { mask: { number: mask, zeros: true } });
}

/** Lanes of `yes` where a mask is set, else of `no`; the mask is a vector, or with AVX-512 a register. */
export function writeSelect(
  a: Assembler,
  set: VectorSet,
  out: Register,
  mask: Register,
  yes: Register | Address,
  no: Register,
) {
  if (isWide(set)) {
    const blend = { map: 2, prefix: 1, opcode: 0x65 } as const;
    return encodeEvex(a, blend, out, no, yes, { mask: { number: mask, zeros: false } });
  }
  encodeVex(a, { map: 3, prefix: 1, opcode: 0x4a }, out, no, yes);
  a.emit(mask << 4);
}

/** AVX-512: sets the lanes of a mask register to whether bits of x and y meet. */
export function writeTest(a: Assembler, mask: number, x: Register, y: Register) {
  encodeEvex(a, { map: 2, prefix: 1, opcode: 0x27 }, mask, x, y);
}

/** A register of 32 bits in all lanes. */
export function writeSpread(a: Assembler, set: VectorSet, out: Register, from: Register) {
  if (isWide(set)) return encodeEvex(a, { map: 2, prefix: 1, opcode: 0x7c }, out, 0, from);
  // vmovd, on 128 bits, and vpbroadcastd.
  a.emit(
    0xc4,
    0xe1 ^ (out >> 3) << 7 ^ (from >> 3) << 5,
    0x79,
    0x6e,
    0xc0 | (out & 7) << 3 | from & 7,
  );
  encodeVex(a, { map: 2, prefix: 1, opcode: 0x58 }, out, 0, out);
}
