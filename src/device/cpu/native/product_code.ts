/**
 * The native product: loops over panels, products and rows around register tiles, for any shape.
 *
 * @module
 */
import { Assembler, type Label, REGISTER } from "./assembler.ts";
import { HELD, LINE, tileRows, word, writeTile } from "./product_tile.ts";
import type { VectorSet } from "./vectors.ts";

const { rax, rbx, rcx, rdx, rbp, rsi, r12, r13, r14, r15 } = REGISTER;

/** The registers that a function has to leave as they were. */
const SAVED = [rbx, rbp, r12, r13, r14, r15];

/** Vectors of a panel. */
const PANEL = 2;

/** Columns of a panel. */
export const nativePanelColumns = ({ lanes }: VectorSet): number => PANEL * lanes;

/**
 * The code of a function (block, base), by the calling convention of System V: multiplies as the argument
 * block at `block` describes, in the memory that starts at `base`, and returns 0.
 */
export function productCode(set: VectorSet): Uint8Array<ArrayBuffer> {
  const a = new Assembler(), tables = a.label(), mask = a.label();
  a.push(...SAVED);
  holdStrides(a);
  for (const [name, pointer] of POINTERS) {
    a.op("load", rax, word(name), 32).op("add", rax, rsi).op("store", rax, word(pointer));
  }
  forEachPanel(a, set, tables, mask, () => forEachProduct(a, () => forEachTile(a, set)));
  a.emit(0xc5, 0xf8, 0x77); // vzeroupper
  a.op("clear", rax, rax, 32).pop(...SAVED).return();
  writeTiles(a, set, tables);
  a.bind(mask).words(...set.table);
  return a.code();
}

/** Operands and result, and the variables that point to their current panel. */
const POINTERS = [["left", "firstLeft"], ["right", "panelRight"], ["out", "panelOut"]] as const;

function holdStrides(a: Assembler) {
  a.op("signExtend", HELD.leftRow, word("leftRow"));
  a.op("address", HELD.threeLeftRows, { base: HELD.leftRow, index: HELD.leftRow, scale: 2 });
  a.op("signExtend", HELD.leftStep, word("leftStep"));
  a.op("signExtend", HELD.rightStep, word("rightStep"));
  // Rows of several lines overlap, or were copied to where they are: they are in the cache.
  const ahead = a.label();
  a.op("clear", rax, rax, 32).compareWith(word("lines"), 1).jump(ahead, "notEqual");
  a.op("load", rax, HELD.leftStep).compareWith(rax, 4).jump(ahead, "notEqual").set(rax, LINE);
  a.bind(ahead).op("store", rax, word("aheadStep"));
}

/** Runs `body` for each panel, with the mask of its last vector, and the table of its tiles in `kernels`. */
function forEachPanel(
  a: Assembler,
  set: VectorSet,
  tables: Label,
  mask: Label,
  body: () => void,
) {
  const panel = a.label(),
    last = a.label(),
    narrow = a.label(),
    chosen = a.label(),
    end = a.label();
  const columns = nativePanelColumns(set), bytes = 4 * tileRows(set);
  a.bind(panel).op("load", rax, word("columns"), 32).op("test", rax, rax, 32).jump(end, "equal");
  a.set(rcx, columns).op("compare", rax, rcx, 32).op("moveIfBelow", rcx, rax, 32);
  a.op("clear", HELD.rightPanel, HELD.rightPanel, 32);
  a.op("subtract", rax, rcx, 32).jump(last, "equal");
  a.op("signExtend", HELD.rightPanel, word("rightPanel")).bind(last);
  a.op("store", rax, word("columns"), 32);
  // The tables of one vector, of two, and of two without a mask.
  a.addressOf(rdx, tables).compareWith(rcx, set.lanes + 1).jump(narrow, "below");
  a.plus(rdx, bytes).compareWith(rcx, columns).jump(chosen, "below").plus(rdx, bytes);
  a.bind(chosen).plus(rcx, -set.lanes);
  a.bind(narrow).op("store", rdx, word("kernels"));
  set.setMask(a, mask);
  body();
  a.op("addTo", HELD.rightPanel, word("panelRight"));
  a.plus(word("panelOut"), 4 * columns).jump(panel).bind(end);
}

/** Runs `body` for each product of a batch. */
function forEachProduct(a: Assembler, body: () => void) {
  const product = a.label(), end = a.label();
  const pointers = [
    ["firstLeft", "productLeft", "leftBatch"],
    ["panelRight", "productRight", "rightBatch"],
    ["panelOut", "productOut", "outBatch"],
  ] as const;
  for (const [from, to] of pointers) a.op("load", rax, word(from)).op("store", rax, word(to));
  a.op("load", rax, word("batch"), 32).op("store", rax, word("products"));
  a.bind(product).compareWith(word("products"), 0).jump(end, "equal");
  a.op("load", HELD.left, word("productLeft")).op("load", HELD.right, word("productRight"));
  a.op("load", HELD.out, word("productOut"));
  body();
  for (const [, pointer, stride] of pointers) {
    a.op("signExtend", rax, word(stride)).op("addTo", rax, word(pointer));
  }
  a.plus(word("products"), -1, 32).jump(product).bind(end);
}

/** Computes the rows of a product by a panel, in the fewest tiles, as equal as possible. */
function forEachTile(a: Assembler, set: VectorSet) {
  const tile = a.label(), end = a.label(), rows = tileRows(set);
  a.op("load", rax, word("rows"), 32).op("store", rax, word("rowsLeft"));
  a.plus(rax, rows - 1, 32).set(rcx, rows).divideBy(rcx).op("store", rax, word("tiles"));
  a.bind(tile).op("load", rcx, word("tiles"), 32).op("test", rcx, rcx, 32).jump(end, "equal");
  a.op("load", rax, word("rowsLeft"), 32);
  a.op("address", rax, { base: rax, index: rcx, offset: -1 }, 32).divideBy(rcx);
  a.op("subtractFrom", rax, word("rowsLeft"), 32).plus(word("tiles"), -1, 32);
  a.op("store", rax, word("height")).op("load", rdx, word("kernels"));
  a.op("load", HELD.ahead, HELD.leftRow).op("multiply", HELD.ahead, rax);
  a.op("add", HELD.ahead, HELD.left);
  a.op("signExtend", rcx, { base: rdx, index: rax, scale: 4, offset: -4 });
  a.op("add", rcx, rdx).call(rcx);
  a.op("load", rax, word("height"));
  a.op("load", rcx, HELD.leftRow).op("multiply", rcx, rax).op("add", HELD.left, rcx);
  a.op("signExtend", rcx, word("outRow")).op("multiply", rcx, rax).op("add", HELD.out, rcx);
  a.jump(tile).bind(end);
}

/** Writes the tiles, and the tables of their distances, each from its table's start. */
function writeTiles(a: Assembler, set: VectorSet, tables: Label) {
  const variants = [[1, true], [2, true], [2, false]] as const;
  const starts = variants.map(([vectors, masked]) =>
    Array.from({ length: tileRows(set) }, (_, i) => {
      const start = a.here;
      writeTile(a, set, i + 1, vectors, masked);
      return start;
    })
  );
  a.bind(tables);
  for (const distances of starts) {
    const table = a.here;
    a.words(...distances.map((start) => start - table));
  }
}
