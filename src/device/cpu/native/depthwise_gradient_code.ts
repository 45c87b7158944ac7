/**
 * Native weight gradients of depthwise convolutions: for each entry of a table, a set of taps whose sums
 * stay in registers while rows of windows are walked, by vectors of channels.
 *
 * @module
 */
import { type Address, Assembler, type Label, REGISTER } from "./assembler.ts";
import { callOffset, gradientOffset, type GradientWord, RUN_BYTES } from "./depthwise_block.ts";
import { GRADIENT_ENTRY_BYTES, GRADIENT_RUNS, MAX_COLUMNS, MAX_ROWS } from "./depthwise_block.ts";
import { ALL_TAPS, groupLanes, type Taps, walkIndex } from "./depthwise_block.ts";
import { rowAt } from "./product_tile.ts";
import type { VectorSet } from "./vectors.ts";

const { rax, rbx, rcx, rdx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15 } = REGISTER;

/** The registers that a function has to leave as they were. */
const SAVED = [rbx, rbp, r12, r13, r14, r15];

/** The registers that hold their values all through an entry, or a vector of channels. */
const HELD = {
  entry: rdi,
  left: r8,
  right: r9,
  out: r10,
  leftTap: r11,
  threeLeftTaps: r12,
  leftWindow: r13,
  rightWindow: r14,
} as const;

/** Variables on the stack, and their bytes. */
const BASE: Address = { base: rsp, offset: 0 }, ENTRIES: Address = { base: rsp, offset: 8 };
const ALL: Address = { base: rsp, offset: 16 }, PANELS: Address = { base: rsp, offset: 24 };
const POINTERS = [["left", 32], ["right", 40], ["out", 48]] as const, STACK = 64;

const word = (name: GradientWord): Address => ({ base: HELD.entry, offset: gradientOffset(name) });

/** Registers beyond the sums: of the cotangent, of a pixel, and of the lanes of one channel a group. */
const COTANGENT = MAX_ROWS * MAX_COLUMNS, PIXEL = COTANGENT + 1, LANE = COTANGENT + 2;

/**
 * The code of a function (block, base), by the calling convention of System V: adds to sums as the table
 * says that the block describes, in the memory that starts at `base`, and returns 0. Loads may extend
 * beyond the last channel.
 */
export function depthwiseGradientCode(set: VectorSet): Uint8Array<ArrayBuffer> {
  const a = new Assembler(), walks = a.label(), panels = a.label();
  a.push(...SAVED).plus(rsp, -STACK);
  const argument = (name: Parameters<typeof callOffset>[0]): Address => ({
    base: rdi,
    offset: callOffset(name),
  });
  a.op("store", rsi, BASE).op("load", rax, argument("channels"), 32);
  a.plus(rax, set.lanes - 1, 32).set(rcx, set.lanes).divideBy(rcx).op("store", rax, ALL);
  a.op("load", rax, argument("entries"), 32).op("store", rax, ENTRIES);
  a.op("load", rdi, argument("table"), 32).op("add", rdi, rsi);
  forEachEntry(a, () => forEachChunk(a, () => forEachPanel(a, set, panels)));
  a.emit(0xc5, 0xf8, 0x77); // vzeroupper
  a.plus(rsp, STACK).op("clear", rax, rax, 32).pop(...SAVED).return();
  const panelStarts: number[] = [], walkStarts: number[] = [];
  for (const taps of ALL_TAPS) {
    panelStarts.push(a.here);
    writePanel(a, set, taps, walks);
    for (let from = 0; from < taps[2]; from++) {
      for (let to = from + 1; to <= taps[2]; to++) {
        walkStarts[walkIndex(taps, from, to)] = a.here;
        writeWalk(a, set, taps, from, to);
      }
    }
  }
  writeTable(a, panels, panelStarts);
  writeTable(a, walks, walkStarts);
  return a.code();
}

/** Writes the distances of functions from the table, 0 for none. */
function writeTable(a: Assembler, label: Label, starts: readonly number[]) {
  a.bind(label);
  const table = a.here;
  a.words(...Array.from(starts, (start = table) => start - table));
}

function forEachEntry(a: Assembler, body: () => void) {
  const entry = a.label(), end = a.label();
  a.bind(entry).compareWith(ENTRIES, 0).jump(end, "equal");
  a.op("signExtend", HELD.leftTap, word("leftTap"));
  a.op("address", HELD.threeLeftTaps, { base: HELD.leftTap, index: HELD.leftTap, scale: 2 });
  a.op("signExtend", HELD.leftWindow, word("leftWindow"));
  a.op("signExtend", HELD.rightWindow, word("rightWindow"));
  body();
  a.plus(HELD.entry, GRADIENT_ENTRY_BYTES).plus(ENTRIES, -1, 32).jump(entry).bind(end);
}

/** Walks at most `most` rows of windows at a time, so that all vectors of their channels stay near. */
function forEachChunk(a: Assembler, body: () => void) {
  const chunk = a.label(), end = a.label();
  for (const [name, offset] of POINTERS) {
    a.op("load", rax, word(name), 32).op("store", rax, { base: rsp, offset }, 32);
  }
  a.bind(chunk).op("load", rax, word("rows"), 32).op("test", rax, rax, 32).jump(end, "equal");
  a.op("load", rcx, word("most"), 32).op("compare", rax, rcx, 32).op("moveIfBelow", rcx, rax, 32);
  a.op("store", rcx, word("rowsTogether"), 32).op("subtractFrom", rcx, word("rows"), 32);
  for (const [name, offset] of POINTERS) {
    a.op("load", rax, { base: rsp, offset }, 32).op("store", rax, word(name), 32);
  }
  body();
  for (
    const [[, offset], stride] of [[POINTERS[0], "leftRow"], [POINTERS[1], "rightRow"]] as const
  ) {
    a.op("load", rax, word("rowsTogether"), 32).op("multiply", rax, word(stride), 32);
    a.op("addTo", rax, { base: rsp, offset }, 32);
  }
  a.jump(chunk).bind(end);
}

/** Adds to the sums of an entry, one vector of channels after the other. */
function forEachPanel(a: Assembler, set: VectorSet, panels: Label) {
  const panel = a.label(), end = a.label(), bytes = 4 * set.lanes;
  a.op("load", rax, ALL).op("store", rax, PANELS);
  a.bind(panel).compareWith(PANELS, 0).jump(end, "equal");
  for (const [register, name] of [[HELD.left, "left"], [HELD.right, "right"]] as const) {
    a.op("load", register, word(name), 32).op("add", register, BASE).plus(word(name), bytes, 32);
  }
  a.op("load", HELD.out, word("out"), 32).op("add", HELD.out, BASE);
  a.op("load", rax, word("outPanel"), 32).op("addTo", rax, word("out"), 32);
  a.op("load", rax, word("taps"), 32).addressOf(rcx, panels);
  a.op("signExtend", rax, { base: rcx, index: rax, scale: 4 }).op("add", rax, rcx).call(rax);
  a.plus(PANELS, -1, 32).jump(panel).bind(end);
}

/** A function that loads the sums of a set of taps, walks the rows of windows, and stores them. */
function writePanel(a: Assembler, set: VectorSet, [group, rows, columns]: Taps, walks: Label) {
  const bytes = 4 * set.lanes,
    forSums = (body: (sum: number, at: Address) => void) => {
      a.op("load", rax, HELD.out).op("signExtend", rbx, word("outTap"));
      a.op("address", rcx, { base: rbx, index: rbx, scale: 2 });
      a.op("signExtend", rdx, word("outLine"));
      for (let row = 0; row < rows; row++) {
        if (row > 0) a.op("add", rax, rdx);
        for (let c = 0; c < columns; c++) {
          for (let k = 0; k < group; k++) {
            body((row * columns + c) * group + k, rowAt(rax, rbx, rcx, c, k * bytes));
          }
        }
      }
    };
  const row = a.label(),
    run = a.label(),
    next = a.label(),
    runAt = (offset: number): Address => ({
      base: rsi,
      offset,
    });
  forSums((sum, from) => set.load(a, sum, from, false));
  a.op("load", rax, word("rowsTogether"), 32).op("store", rax, word("rowsLeft"), 32);
  a.bind(row).op("load", rax, word("runs"), 32).op("store", rax, word("runsLeft"), 32);
  a.op("address", rsi, { base: HELD.entry, offset: GRADIENT_RUNS });
  a.bind(run).compareWith(word("runsLeft"), 0).jump(next, "equal");
  a.op("signExtend", rax, runAt(8)).op("add", rax, HELD.left);
  a.op("signExtend", rdx, runAt(12)).op("add", rdx, HELD.right);
  if (rows > 1) {
    a.op("signExtend", r15, word("leftLine"));
    a.op("address", rbx, { base: rax, index: r15 }).op("address", rcx, { base: rbx, index: r15 });
  }
  a.op("load", rbp, runAt(4), 32).addressOf(r15, walks);
  a.op("signExtend", rbp, { base: r15, index: rbp, scale: 4 }).op("add", r15, rbp);
  a.op("load", rbp, runAt(0), 32).call(r15);
  a.plus(rsi, RUN_BYTES).plus(word("runsLeft"), -1, 32).jump(run).bind(next);
  for (const [pointer, stride] of [[HELD.left, "leftRow"], [HELD.right, "rightRow"]] as const) {
    a.op("signExtend", rax, word(stride)).op("add", pointer, rax);
  }
  a.plus(word("rowsLeft"), -1, 32).jump(row, "notEqual");
  forSums((sum, to) => set.store(a, sum, to, false));
  a.return();
}

/** A function that adds rbp windows to the sums of columns from…to-1. */
function writeWalk(
  a: Assembler,
  set: VectorSet,
  [group, rows, columns]: Taps,
  from: number,
  to: number,
) {
  const window = a.label(), pointers = [rax, rbx, rcx].slice(0, rows);
  a.bind(window);
  set.load(a, COTANGENT, { base: rdx }, false);
  pointers.forEach((pointer, row) => {
    for (let c = from; c < to; c++) {
      const pixel = rowAt(pointer, HELD.leftTap, HELD.threeLeftTaps, c - from);
      if (group === 1) set.multiplyAdd(a, row * columns + c, COTANGENT, pixel);
      else {
        set.load(a, PIXEL, pixel, false);
        for (let k = 0; k < group; k++) {
          set.permute(a, LANE, PIXEL, groupLanes(group, k));
          set.multiplyAdd(a, (row * columns + c) * group + k, COTANGENT, LANE);
        }
      }
    }
  });
  for (const pointer of pointers) a.op("add", pointer, HELD.leftWindow);
  a.op("add", rdx, HELD.rightWindow).plus(rbp, -1, 32).jump(window, "notEqual").return();
}
