/**
 * Native depthwise convolution: for each entry of a table, rows of windows in tiles of neighboring ones, by
 * vectors of channels.
 *
 * @module
 */
import { type Address, Assembler, type Label, REGISTER } from "./assembler.ts";
import { callOffset, ENTRY_BYTES, entryOffset, type EntryWord } from "./depthwise_block.ts";
import { groupLanes, GROUPS } from "./depthwise_block.ts";
import { rowAt } from "./product_tile.ts";
import type { VectorSet } from "./vectors.ts";

const { rax, rbx, rcx, rdx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15 } = REGISTER;

/** The registers that a function has to leave as they were. */
const SAVED = [rbx, rbp, r12, r13, r14, r15];

/** Windows of the largest tile. */
const WINDOWS = 12;

/** Windows of a full tile of groups of so many channels, whose weights and pixels need registers too. */
export const tileWindows = ({ registers }: VectorSet, group: number): number =>
  Math.min(WINDOWS, group === 1 ? WINDOWS : registers - group - 4);

/** Vectors of channels of a narrow tile, of at most so many windows, which alone have few sums. */
const NARROW_VECTORS = 4, NARROW = 3;

/** Bytes of the distances of all tiles of one kind of groups, whole and masked. */
const TABLE_BYTES = 2 * 4 * WINDOWS;

/** The word of an entry that chooses the tiles of groups of so many channels. */
export const tilesOf = (group: number): number =>
  TABLE_BYTES * GROUPS.findIndex((size) => size === group);

/** The registers that hold their values all through an entry, or a tile. */
const HELD = {
  entry: rdi,
  left: r8,
  right: r9,
  out: r10,
  leftWindow: r11,
  threeLeftWindows: r12,
  leftTap: r13,
  rightTap: r14,
} as const;

/** Variables on the stack, and their bytes. */
const VARIABLES = {
  left: 0,
  out: 8,
  windows: 16,
  tiles: 24,
  entries: 32,
  all: 40,
  base: 48,
} as const;
const HEIGHT = 56, CHANNELS = 60, STACK = 64;

const variable = (name: keyof typeof VARIABLES): Address => ({
  base: rsp,
  offset: VARIABLES[name],
});
const height: Address = { base: rsp, offset: HEIGHT };
const channels: Address = { base: rsp, offset: CHANNELS };
const word = (name: EntryWord): Address => ({ base: HELD.entry, offset: entryOffset(name) });

/**
 * The code of a function (block, base), by the calling convention of System V: convolves as the table says
 * that the block describes, in the memory that starts at `base`, and returns 0. Changes the table.
 */
export function depthwiseCode(set: VectorSet): Uint8Array<ArrayBuffer> {
  const a = new Assembler(), tables = a.label(), mask = a.label();
  a.push(...SAVED).plus(rsp, -STACK);
  start(a, set, mask);
  forEachEntry(a, () => forEachRow(a, () => forEachTile(a, () => forEachPanel(a, set, tables))));
  a.emit(0xc5, 0xf8, 0x77); // vzeroupper
  a.plus(rsp, STACK).op("clear", rax, rax, 32).pop(...SAVED).return();
  const starts = GROUPS.flatMap((group) =>
    [false, true].map((masked) =>
      Array.from({ length: WINDOWS }, (_, i) => {
        const at = a.here;
        if (i < tileWindows(set, group)) writeTile(a, set, { group, windows: i + 1, masked });
        return at;
      })
    )
  );
  starts.push(Array.from({ length: NARROW }, (_, i) => {
    const at = a.here;
    writeTile(a, set, { group: 1, windows: i + 1, vectors: NARROW_VECTORS });
    return at;
  }));
  a.bind(tables);
  const table = a.here;
  a.words(...starts.flat().map((at) => at - table));
  a.bind(mask).words(...set.table);
  return a.code();
}

/** Reads the call's arguments; sets the mask of the last vector of channels. */
function start(a: Assembler, set: VectorSet, mask: Label) {
  const argument = (name: Parameters<typeof callOffset>[0]): Address => ({
    base: rdi,
    offset: callOffset(name),
  });
  a.op("store", rsi, variable("base"));
  a.op("load", rcx, argument("channels"), 32).op("store", rcx, variable("all"));
  a.plus(rcx, -1, 32).and(rcx, set.lanes - 1).plus(rcx, 1, 32);
  set.setMask(a, mask);
  a.op("load", rax, argument("entries"), 32).op("store", rax, variable("entries"));
  a.op("load", rdi, argument("table"), 32).op("add", rdi, rsi);
}

function forEachEntry(a: Assembler, body: () => void) {
  const entry = a.label(), end = a.label();
  a.bind(entry).compareWith(variable("entries"), 0).jump(end, "equal");
  a.op("signExtend", HELD.leftWindow, word("leftWindow"));
  a.op("address", HELD.threeLeftWindows, {
    base: HELD.leftWindow,
    index: HELD.leftWindow,
    scale: 2,
  });
  a.op("signExtend", HELD.leftTap, word("leftTap"));
  a.op("signExtend", HELD.rightTap, word("rightTap"));
  body();
  a.plus(HELD.entry, ENTRY_BYTES).plus(variable("entries"), -1, 32).jump(entry).bind(end);
}

function forEachRow(a: Assembler, body: () => void) {
  const row = a.label(), end = a.label();
  a.bind(row).compareWith(word("rows"), 0).jump(end, "equal");
  for (const name of ["left", "out"] as const) {
    a.op("load", rax, word(name), 32).op("add", rax, variable("base"));
    a.op("store", rax, variable(name));
  }
  body();
  for (const [pointer, stride] of [["left", "leftRow"], ["out", "outRow"]] as const) {
    a.op("load", rax, word(stride), 32).op("addTo", rax, word(pointer), 32);
  }
  a.plus(word("rows"), -1, 32).jump(row).bind(end);
}

/** Walks the windows of a row in the fewest tiles, as equal as possible. */
function forEachTile(a: Assembler, body: () => void) {
  const tile = a.label(), end = a.label();
  a.op("load", rax, word("windows"), 32).op("store", rax, variable("windows"));
  a.op("load", rcx, word("most"), 32).op("address", rax, { base: rax, index: rcx, offset: -1 }, 32);
  a.divideBy(rcx).op("store", rax, variable("tiles"));
  a.bind(tile).op("load", rcx, variable("tiles"), 32).op("test", rcx, rcx, 32).jump(end, "equal");
  a.op("load", rax, variable("windows"), 32);
  a.op("address", rax, { base: rax, index: rcx, offset: -1 }, 32).divideBy(rcx);
  a.op("subtractFrom", rax, variable("windows"), 32).plus(variable("tiles"), -1, 32);
  a.op("store", rax, height, 32);
  body();
  a.op("load", rax, height, 32);
  a.op("load", rcx, HELD.leftWindow).op("multiply", rcx, rax).op("addTo", rcx, variable("left"));
  a.op("signExtend", rcx, word("outWindow")).op("multiply", rcx, rax);
  a.op("addTo", rcx, variable("out")).jump(tile).bind(end);
}

/** Computes the windows of a tile, one vector of channels after the other. */
function forEachPanel(a: Assembler, set: VectorSet, tables: Label) {
  const panel = a.label(), whole = a.label(), end = a.label(), { lanes } = set;
  const callTile = () => {
    a.op("signExtend", rcx, { base: rdx, index: rcx, scale: 4, offset: -4 });
    // All distances are from the start of the first table.
    a.addressOf(rdx, tables).op("add", rcx, rdx).call(rcx);
  };
  a.op("load", HELD.left, variable("left")).op("load", HELD.out, variable("out"));
  a.op("load", HELD.right, word("right"), 32).op("add", HELD.right, variable("base"));
  a.op("load", rax, variable("all")).op("store", rax, channels, 32);
  forNarrowTiles(a, set, tables, end, callTile);
  a.bind(panel).op("load", rcx, height, 32).addressOf(rdx, tables);
  a.op("load", rax, word("tiles"), 32).op("add", rdx, rax);
  a.compareWith(channels, lanes).jump(whole, "aboveOrEqual").plus(rdx, 4 * WINDOWS).bind(whole);
  callTile();
  a.compareWith(channels, lanes + 1).jump(end, "below").plus(channels, -lanes, 32);
  for (const pointer of [HELD.left, HELD.out]) a.plus(pointer, 4 * lanes);
  a.op("load", rax, word("rightPanel"), 32).op("add", HELD.right, rax);
  a.jump(panel).bind(end);
}

/** Computes the first channels of a narrow tile, several vectors at a time; jumps to `end` if these are all. */
function forNarrowTiles(
  a: Assembler,
  set: VectorSet,
  tables: Label,
  end: Label,
  callTile: () => void,
) {
  const tile = a.label(), rest = a.label(), count = NARROW_VECTORS * set.lanes;
  a.compareWith(word("tiles"), 0).jump(rest, "notEqual");
  a.compareWith(height, NARROW + 1).jump(rest, "aboveOrEqual");
  a.bind(tile).compareWith(channels, count).jump(rest, "below");
  a.op("load", rcx, height, 32).addressOf(rdx, tables).plus(rdx, TABLE_BYTES * GROUPS.length);
  callTile();
  for (const pointer of [HELD.left, HELD.right, HELD.out]) a.plus(pointer, 4 * count);
  a.plus(channels, -count, 32).jump(tile, "notEqual").jump(end);
  a.bind(rest);
}

/** What a tile computes. */
interface Tile {
  /** Channels of a group. */
  readonly group: number;
  readonly windows: number;
  /** Vectors of channels; 1 if left out. */
  readonly vectors?: number;
  /** Whether only the lanes in the mask are stored. */
  readonly masked?: boolean;
}

/**
 * A function that computes a tile of one vector of channels; changes rax, rbx, rcx, rdx, rbp, rsi and r15.
 * Loads may extend beyond the last channel.
 */
function writeTile(
  a: Assembler,
  set: VectorSet,
  { group, windows, vectors = 1, masked = false }: Tile,
) {
  const line = a.label(), step = a.label(), store = a.label();
  const weight = tileWindows(set, group), pixel = weight + group, lane = pixel + 1;
  const pointers = [rax, rbx, rcx].slice(0, Math.ceil(windows / 4));
  const bytes = 4 * set.lanes;
  for (let i = 0; i < windows * vectors; i++) set.zero(a, i);
  a.op("load", r15, word("lines"), 32).op("test", r15, r15, 32).jump(store, "equal");
  a.op("load", rbp, word("depth"), 32).op("test", rbp, rbp, 32).jump(store, "equal");
  a.op("load", rax, HELD.left).op("load", rdx, HELD.right);
  pointers.slice(1).forEach((pointer, i) => {
    a.op("address", pointer, { base: pointers[i]!, index: HELD.leftWindow, scale: 4 });
  });
  a.bind(line).op("load", rbp, word("depth"), 32);
  a.bind(step);
  const pixelAt = (window: number, v = 0) =>
    rowAt(pointers[window >> 2]!, HELD.leftWindow, HELD.threeLeftWindows, window % 4, v * bytes);
  if (group === 1) {
    for (let v = 0; v < vectors; v++) {
      set.load(a, weight, { base: rdx, offset: v * bytes }, false);
      for (let i = 0; i < windows; i++) {
        set.multiplyAdd(a, i * vectors + v, weight, pixelAt(i, v));
      }
    }
  } else {
    for (let k = 0; k < group; k++) {
      set.load(a, weight + k, { base: rdx, offset: k * bytes }, false);
    }
    for (let i = 0; i < windows; i++) {
      set.load(a, pixel, pixelAt(i), false);
      for (let k = 0; k < group; k++) {
        set.permute(a, lane, pixel, groupLanes(group, k));
        set.multiplyAdd(a, i, weight + k, lane);
      }
    }
  }
  for (const pointer of pointers) a.op("add", pointer, HELD.leftTap);
  a.op("add", rdx, HELD.rightTap).plus(rbp, -1, 32).jump(step, "notEqual");
  a.op("signExtend", rsi, word("leftLine"));
  for (const pointer of pointers) a.op("add", pointer, rsi);
  a.op("signExtend", rsi, word("rightLine")).op("add", rdx, rsi);
  a.plus(r15, -1, 32).jump(line, "notEqual");
  a.bind(store).op("load", rax, HELD.out).op("signExtend", rbx, word("outWindow"));
  a.op("address", rcx, { base: rbx, index: rbx, scale: 2 });
  for (let i = 0; i < windows; i++) {
    if (i > 0 && i % 4 === 0) a.op("address", rax, { base: rax, index: rbx, scale: 4 });
    for (let v = 0; v < vectors; v++) {
      set.store(a, i * vectors + v, rowAt(rax, rbx, rcx, i % 4, v * bytes), masked);
    }
  }
  a.return();
}
