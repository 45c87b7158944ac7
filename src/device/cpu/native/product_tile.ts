/**
 * Register tiles of native code: a few rows by one or two vectors, each lane one accumulator.
 *
 * @module
 */
import { offsetOf, type Word } from "./argument_block.ts";
import { type Address, type Assembler, REGISTER } from "./assembler.ts";
import type { VectorSet } from "./vectors.ts";

const { rax, rbx, rcx, rdx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15 } = REGISTER;

/** The registers that hold their values all through a product. */
export const HELD = {
  block: rdi,
  /** The operands and the result of the current tile. */
  left: r8,
  right: r9,
  out: r10,
  leftRow: r11,
  threeLeftRows: r12,
  leftStep: r13,
  rightStep: r14,
  /** What the next tile of rows reads, fetched into the L2 cache meanwhile: a line for each step. */
  ahead: rsi,
  /** To the next panel, or 0: the same step there is fetched meanwhile too. */
  rightPanel: r15,
} as const;

/** Bytes of a cache line. */
export const LINE = 64;

/** A word of the argument block. */
export const word = (name: Word): Address => ({ base: HELD.block, offset: offsetOf(name) });

/** A row of four that are a stride apart: of the register `base`, with 1 and 3 strides in registers. */
export const rowAt = (
  base: number,
  stride: number,
  three: number,
  row: number,
  offset = 0,
): Address =>
  row === 0
    ? { base, offset }
    : row === 3
    ? { base, index: three, offset }
    : { base, index: stride, scale: row as 1 | 2, offset };

/** Offsets in every cache line that so many bytes may touch, which need not begin with a line. */
const lineOffsets = (bytes: number): number[] => [
  ...Array.from({ length: Math.ceil(bytes / LINE) }, (_, i) => i * LINE),
  bytes - 4,
];

/** Rows of a full tile. */
export const tileRows = ({ sums }: VectorSet): number => sums / 2;

/**
 * A function that computes a tile; changes rax, rbx, rcx, rdx and rbp.
 *
 * @param masked Whether the last vector consists of the lanes in the mask only.
 */
export function writeTile(
  a: Assembler,
  set: VectorSet,
  rows: number,
  vectors: number,
  masked: boolean,
) {
  const sum = (row: number, vector: number) => row * vectors + vector;
  const right = (vector: number) => set.sums + vector, element = set.sums + 2;
  const isMasked = (vector: number) => masked && vector === vectors - 1;
  const bytes = 4 * set.lanes, pointers = [rax, rbx, rcx];

  /** Calls `body` with every sum and where it is stored. */
  const forEachSum = (body: (sum: number, at: Address, masked: boolean) => void) => {
    a.op("signExtend", rax, word("outRow")).op("address", rbx, { base: rax, index: rax, scale: 2 });
    a.op("load", rcx, HELD.out);
    for (let row = 0; row < rows; row++) {
      if (row > 0 && row % 4 === 0) a.op("address", rcx, { base: rcx, index: rax, scale: 4 });
      for (let v = 0; v < vectors; v++) {
        body(sum(row, v), rowAt(rcx, rax, rbx, row % 4, v * bytes), isMasked(v));
      }
    }
  };
  const loadSums = () => {
    const load = a.label(), end = a.label();
    a.compareWith(word("accumulates"), 0).jump(load, "notEqual");
    for (let i = 0; i < rows * vectors; i++) set.zero(a, i);
    a.jump(end).bind(load);
    forEachSum((register, from, only) => set.load(a, register, from, only));
    a.bind(end);
  };
  const startLine = () => {
    a.op("load", rax, word("lineLeft")).op("load", rdx, word("lineRight"));
    const four = (from: number): Address => ({ base: from, index: HELD.leftRow, scale: 4 });
    if (rows > 4) a.op("address", rbx, four(rax));
    if (rows > 8) a.op("address", rcx, four(rbx));
  };
  const addStep = () => {
    for (let v = 0; v < vectors; v++) {
      set.load(a, right(v), { base: rdx, offset: v * bytes }, isMasked(v));
    }
    for (let row = 0; row < rows; row++) {
      const base = pointers[row >> 2]!;
      set.broadcast(a, element, rowAt(base, HELD.leftRow, HELD.threeLeftRows, row % 4));
      for (let v = 0; v < vectors; v++) set.multiplyAdd(a, sum(row, v), element, right(v));
    }
    for (let i = 0; i < rows; i += 4) a.op("add", pointers[i >> 2]!, HELD.leftStep);
    a.op("add", rdx, HELD.rightStep);
    // A panel of one vector is the last one.
    for (const offset of vectors > 1 ? lineOffsets(vectors * bytes) : []) {
      a.prefetch({ base: rdx, index: HELD.rightPanel, offset });
    }
    if (rows > 4) {
      a.prefetch({ base: HELD.ahead }).op("add", HELD.ahead, word("aheadStep"));
    }
  };
  const addBlocks = () => {
    const block = a.label(), end = a.label();
    a.op("store", HELD.left, word("blockLeft")).op("store", HELD.right, word("blockRight"));
    a.op("load", rax, word("blocks"), 32).op("store", rax, word("blocksLeft"));
    a.bind(block).compareWith(word("blocksLeft"), 0).jump(end, "equal");
    a.op("load", rax, word("blockLeft")).op("store", rax, word("lineLeft"));
    a.op("load", rax, word("blockRight")).op("store", rax, word("lineRight"));
    addLines();
    a.op("signExtend", rax, word("leftBlock")).op("addTo", rax, word("blockLeft"));
    a.op("signExtend", rax, word("rightBlock")).op("addTo", rax, word("blockRight"));
    a.plus(word("blocksLeft"), -1, 32).jump(block).bind(end);
  };
  const addLines = () => {
    const line = a.label(), step = a.label(), next = a.label(), end = a.label();
    a.op("load", rax, word("lines"), 32).op("store", rax, word("linesLeft"));
    a.bind(line).compareWith(word("linesLeft"), 0).jump(end, "equal");
    startLine();
    a.op("load", rbp, word("depth"), 32).op("test", rbp, rbp, 32).jump(next, "equal").bind(step);
    addStep();
    a.plus(rbp, -1, 32).jump(step, "notEqual").bind(next);
    a.op("signExtend", rax, word("leftLine")).op("addTo", rax, word("lineLeft"));
    a.op("signExtend", rax, word("rightLine")).op("addTo", rax, word("lineRight"));
    a.plus(word("linesLeft"), -1, 32).jump(line).bind(end);
  };
  loadSums();
  addBlocks();
  forEachSum((register, to, only) => set.store(a, register, to, only));
  a.return();
}
