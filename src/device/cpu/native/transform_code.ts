/**
 * The native code of transforms: loops over rows of blocks, blocks and vectors of channels around a map of
 * each axis.
 *
 * @module
 */
import { type Address, Assembler, type Label, REGISTER, type Register } from "./assembler.ts";
import { assignRegisters, ConstantTable, writeLinearMap } from "./linear_code.ts";
import type { NativeTransform } from "./transform.ts";
import { transformOffset, type TransformWord } from "./transform_arguments.ts";
import type { VectorSet } from "./vectors.ts";

const { rax, rbx, rcx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15 } = REGISTER;

/** The registers that hold 1, 3 and 5 strides. */
type Strides = readonly [Register, Register, Register];

const FROM_ROWS: Strides = [r10, r11, r12], TO_COLUMNS: Strides = [r13, r14, r15];

const word = (name: TransformWord): Address => ({ base: rdi, offset: transformOffset(name) });

/** The address of so many strides behind a register: up to 5. */
function stridesFrom(base: Register, [one, three, five]: Strides, count: number): Address {
  if (count === 0) return { base };
  if (count === 3) return { base, index: three };
  if (count === 5) return { base, index: five };
  return { base, index: one, scale: count as 1 | 2 | 4 };
}

/** Sets the registers of 1, 3 and 5 strides. */
function holdStrides(a: Assembler, name: TransformWord, [one, three, five]: Strides) {
  a.op("signExtend", one, word(name));
  a.op("address", three, { base: one, index: one, scale: 2 });
  a.op("address", five, { base: one, index: one, scale: 4 });
}

/** The registers that a function has to leave as they were. */
const SAVED = [rbx, rbp, r12, r13, r14, r15];

/** Bytes of a cache line. */
const LINE = 64;

/**
 * The code of a function (block, base), by the calling convention of System V: transforms blocks as the
 * argument block at `block` describes, in the memory that starts at `base`, and returns 0. It begins at a
 * multiple of a cache line.
 */
export function transformCode(
  set: VectorSet,
  transform: NativeTransform,
): Uint8Array<ArrayBuffer> {
  const a = new Assembler(), mask = a.label(), values = a.label();
  const constants = new ConstantTable(set, rbx);
  a.push(...SAVED).addressOf(rbx, values);
  writeTransform(a, set, transform, constants, mask);
  a.emit(0xc5, 0xf8, 0x77); // vzeroupper
  a.op("clear", rax, rax, 32).pop(...SAVED).return();
  a.bind(mask).words(...set.table).align(LINE).bind(values);
  constants.write(a);
  return a.code();
}

/**
 * Transforms blocks as the argument block describes, in the memory that starts at rsi; rbx points to the
 * constants.
 */
function writeTransform(
  a: Assembler,
  set: VectorSet,
  transform: NativeTransform,
  constants: ConstantTable,
  mask: Label,
) {
  const { vertical, horizontal, isCropped } = transform, vectorBytes = 4 * set.lanes;
  const scratch = vertical.outputs.length * horizontal.from * vectorBytes;
  const line = a.label(), block = a.label(), vector = a.label(), tail = a.label();
  const nextBlock = a.label(), nextLine = a.label(), end = a.label();
  for (const [name, pointer] of [["from", "linePointer"], ["to", "lineTarget"]] as const) {
    a.op("load", rax, word(name), 32).op("add", rax, rsi).op("store", rax, word(pointer));
  }
  holdStrides(a, "fromRow", FROM_ROWS);
  holdStrides(a, "toColumn", TO_COLUMNS);
  a.op("signExtend", rax, word("fromColumn")).op("store", rax, word("fromColumnStride"));
  a.op("signExtend", rax, word("toRow")).op("store", rax, word("toRowStride"));
  // Vectors on the stack, at multiples of a cache line.
  a.op("store", rsp, word("stack")).op("load", rax, rsp).and(rax, 63).op("subtract", rsp, rax);
  a.plus(rsp, -Math.ceil(scratch / 64) * 64);
  a.op("load", rax, word("rows"), 32).op("store", rax, word("linesLeft"));

  const limit = (
    name: "height" | "width",
    last: "lastHeight" | "lastWidth",
    left: "linesLeft" | "blocksLeft",
    full: number,
  ) => {
    if (!isCropped) return;
    const chosen = a.label();
    a.set(rax, full).compareWith(word(left), 1).jump(chosen, "notEqual");
    a.op("load", rax, word(last), 32).bind(chosen).op("store", rax, word(name));
  };
  const advance = (pointer: TransformWord, stride: TransformWord) =>
    a.op("signExtend", rax, word(stride)).op("addTo", rax, word(pointer));
  a.bind(line).compareWith(word("linesLeft"), 0).jump(end, "equal");
  limit("height", "lastHeight", "linesLeft", vertical.outputs.length);
  a.op("load", rax, word("linePointer")).op("store", rax, word("blockPointer"));
  a.op("load", rax, word("lineTarget")).op("store", rax, word("blockTarget"));
  a.op("load", rax, word("columns"), 32).op("store", rax, word("blocksLeft"));
  a.bind(block).compareWith(word("blocksLeft"), 0).jump(nextLine, "equal");
  limit("width", "lastWidth", "blocksLeft", horizontal.outputs.length);
  a.op("load", r8, word("blockPointer")).op("load", r9, word("blockTarget"));
  a.op("load", rbp, word("channels"), 32);
  a.bind(vector).compareWith(rbp, set.lanes).jump(tail, "below");
  writeVector(a, set, transform, constants, false);
  a.plus(r8, vectorBytes).plus(r9, vectorBytes).plus(rbp, -set.lanes, 32).jump(vector);
  a.bind(tail).op("test", rbp, rbp, 32).jump(nextBlock, "equal").op("load", rcx, rbp);
  set.setMask(a, mask);
  writeVector(a, set, transform, constants, true);
  a.bind(nextBlock);
  advance("blockPointer", "fromBlock");
  advance("blockTarget", "toBlock");
  a.plus(word("blocksLeft"), -1, 32).jump(block).bind(nextLine);
  advance("linePointer", "fromLine");
  advance("lineTarget", "toLine");
  a.plus(word("linesLeft"), -1, 32).jump(line).bind(end);
  a.op("load", rsp, word("stack"));
}

/** Transforms one vector of channels of a block, from r8 to r9; changes rax, rcx and the vector registers. */
function writeVector(
  a: Assembler,
  set: VectorSet,
  { vertical, horizontal, isCropped }: NativeTransform,
  constants: ConstantTable,
  masked: boolean,
) {
  const end = a.label(), registers = masked ? set.unmasked : set.registers;
  const ofColumn = assignRegisters(vertical, registers);
  const ofRow = assignRegisters(horizontal, registers);
  const kept = (row: number, column: number): Address => ({
    base: rsp,
    offset: 4 * set.lanes * (row * horizontal.from + column),
  });
  a.op("load", rax, r8);
  for (let column = 0; column < horizontal.from; column++) {
    if (column > 0) a.op("add", rax, word("fromColumnStride"));
    for (let row = 0; row < vertical.from; row++) {
      set.load(a, row, stridesFrom(rax, FROM_ROWS, row), masked);
    }
    writeLinearMap(a, set, constants, ofColumn).forEach((value, row) => {
      set.store(a, value, kept(row, column), false);
    });
  }
  a.op("load", rcx, r9);
  for (let row = 0; row < vertical.outputs.length; row++) {
    const nextRow = a.label();
    if (row > 0) {
      if (isCropped) a.compareWith(word("height"), row + 1).jump(end, "below");
      a.op("add", rcx, word("toRowStride"));
    }
    for (let column = 0; column < horizontal.from; column++) {
      set.load(a, column, kept(row, column), false);
    }
    writeLinearMap(a, set, constants, ofRow).forEach((value, column) => {
      if (isCropped && column > 0) {
        a.compareWith(word("width"), column + 1).jump(nextRow, "below");
      }
      set.store(a, value, stridesFrom(rcx, TO_COLUMNS, column), masked);
    });
    a.bind(nextRow);
  }
  a.bind(end);
}
