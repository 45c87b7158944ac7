/**
 * Depthwise convolution and its image gradient in native code: for every unit a table of rectangles of
 * windows that read the same taps, and one call.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import { ROUTINES } from "../../../native/argument_block.ts";
import { callRoutine } from "../../../native/call.ts";
import {
  callOffset,
  ENTRY,
  ENTRY_BYTES,
  entryOffset,
  type EntryWord,
  GROUPS,
} from "../../../native/depthwise_block.ts";
import type { Features } from "../../../features.ts";
import { VECTOR_SETS } from "../../../native/mod.ts";
import { coordinates, type KernelContext, LOCAL, type Lowered, pass } from "../../../kernel.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import type { NativeFunction } from "../../../wasm/module.ts";
import { type ConvPhase, splitIntoPhases } from "../phases.ts";
import type { WeightStrides } from "../weights.ts";
import { type PanelWeights, panelWeights } from "./panel_weights.ts";
import { type BlockRun, blockRuns } from "./blocks.ts";
import { rowSource } from "./rows.ts";
import { splitRows, type Units } from "./units.ts";

/** Lanes that are computed for one that is a channel, at most: where more, vectors of four are faster. */
const MAX_WASTE = 1.6;

const isOneOf = (n: number, list: readonly number[]) => list.includes(n);

/**
 * Lanes of native vectors; undefined where they do not suit: 1, 2 or 4 channels a group, in and out, and
 * most lanes used.
 */
export function nativeLanes({ native }: Features, g: ConvGeometry): number | undefined {
  if (!native || g.groupIn !== g.groupOut || !isOneOf(g.groupIn, GROUPS)) return undefined;
  const { lanes } = VECTOR_SETS[native];
  return Math.ceil(g.channels / lanes) * lanes <= MAX_WASTE * g.channels ? lanes : undefined;
}

/** Rows by windows that read the same taps, of one phase. */
interface Rectangle {
  readonly phase: ConvPhase;
  readonly y: BlockRun;
  readonly x: BlockRun;
}

/** The first tap of a run, and their number. */
const tapsOf = ({ block: { taps } }: BlockRun) => ({
  first: taps[0]?.tap ?? 0,
  count: taps.length,
});

/** The rectangles of a convolution. */
function rectanglesOf(phases: readonly ConvPhase[]): Rectangle[] {
  return phases.flatMap((phase) =>
    blockRuns(phase.g.y, 1).flatMap((y) =>
      blockRuns(phase.g.x, 1).map((x): Rectangle => ({ phase, y, x }))
    )
  );
}

/** Lowers a convolution of as many channels a group in as out. */
export function convolveNatively(
  context: KernelContext,
  callee: NativeFunction,
  g: ConvGeometry,
  strides: WeightStrides,
  lanes: number,
): Lowered {
  const weights = panelWeights(context, g, strides, lanes);
  const { phases, hasZeros, stepY, stepX } = splitIntoPhases(g, weights.strides);
  const { rows, parts } = splitRows(g, stepX > 1 ? 1 : g.x.out, stepY);
  const rectangles = rectanglesOf(phases), bands = Math.ceil(g.y.out / rows);
  const pixel = 4 * g.channels, outRow = pixel * g.x.out;
  const source = rowSource(context, g.y, g.x.size * pixel, context.operands[0], rows);
  const table = Math.ceil(source.bytes / 16) * 16;
  context.reserve(table + rectangles.length * ENTRY_BYTES);
  const unit = pass(g.batch * bands * parts, (f, unit) => {
    const [image, band, part] = coordinates(f, unit, [g.batch, bands, parts]);
    const [y, end, base, result, from, to, start, stop, entry] = f.locals("i32", 9);
    f.get(band!).times(rows).tee(y).plus(rows).set(end).atMost(end, g.y.out);
    source.point(f, { image: image!, first: y, end, pointer: base });
    f.get(f.base(context.out), image!).times(g.y.out * outRow).op("i32.add").set(result);
    f.get(part!).times(g.x.out).i32(parts).op("i32.div_u").set(from);
    f.get(part!).plus(1).times(g.x.out).i32(parts).op("i32.div_u").set(to);
    for (const [bound, row, window] of [[start, y, from], [stop, end, to]] as const) {
      f.get(image!).times(g.y.out).get(parts > 1 ? y : row).op("i32.add").times(g.x.out);
      if (parts > 1) f.get(window).op("i32.add");
      f.times(g.channels).set(bound);
    }
    if (hasZeros) {
      f.get(f.base(context.out), start).times(4).op("i32.add").i32(0);
      f.get(stop, start).op("i32.sub").times(4).op("memory.fill");
    }
    f.get(LOCAL).plus(table).set(entry);
    for (const rectangle of rectangles) {
      const at = { y, end, base, result, from, to, entry };
      writeEntry(f, g, weights, rectangle, { rows, parts }, at);
    }
    call(f, callee, { table, entry, channels: g.channels });
    context.finish(f, () => f.get(start), () => f.get(stop), g.channels % 4 === 0);
  });
  return { passes: [...weights.packing, unit] };
}

/** Writes the entry of what a unit has of a rectangle, if anything, and advances `entry`. */
function writeEntry(
  f: Func,
  g: ConvGeometry,
  { slot, panel, most, tiles }: PanelWeights,
  { phase, y, x }: Rectangle,
  { rows, parts }: Units,
  at: Readonly<Record<"y" | "end" | "base" | "result" | "from" | "to" | "entry", Local>>,
) {
  const [row, end, window, last] = f.locals("i32", 4), { weights } = phase;
  const pixel = 4 * g.channels, line = pixel * g.x.size, outLine = pixel * g.x.out;
  const down = tapsOf(y), across = tapsOf(x), depth = down.count > 0 ? across.count : 0;
  const rightTap = 4 * weights.x, leftTap = phase.g.x.dilation * pixel;
  const rowSteps = { left: phase.g.y.stride * line, out: phase.y.step * outLine };
  const windowSteps = { left: phase.g.x.stride * pixel, out: phase.x.step * pixel };
  // Where few windows of many rows are alike, those of a column are neighbors.
  const isColumn = x.to - x.from < Math.min(rows, y.to - y.from);
  const [outer, inner] = isColumn ? [windowSteps, rowSteps] : [rowSteps, windowSteps];
  const constants: Partial<Record<EntryWord, number>> = {
    depth,
    lines: down.count,
    leftRow: outer.left,
    leftWindow: inner.left,
    leftTap,
    leftLine: phase.g.y.dilation * line - depth * leftTap,
    rightLine: 4 * weights.y - depth * rightTap,
    rightTap,
    outWindow: inner.out,
    outRow: outer.out,
    rightPanel: panel,
    most,
    tiles,
  };
  /** Sets a bound to the larger or the smaller of a local and a constant. */
  const bound = (bound: Local, value: number, op: "i32.gt_u" | "i32.lt_u") => {
    f.get(bound).i32(value).get(bound).i32(value).op(op, "select").set(bound);
  };
  const phaseRow = (from: Local, to: Local) => {
    f.get(from).plus(phase.y.step - 1 - phase.y.first).i32(phase.y.step).op("i32.div_u").set(to);
  };
  const write = () => {
    for (const group of ENTRY) {
      const [a, b, c, d] = group.map((name) => constants[name] ?? 0) as [
        number,
        number,
        number,
        number,
      ];
      f.get(at.entry).vector(a >>> 0, b >>> 0, c >>> 0, d >>> 0);
      f.access("v128.store", entryOffset(group[0]));
    }
    const store = (name: EntryWord, push: () => void) => {
      f.get(at.entry);
      push();
      f.access("i32.store", entryOffset(name));
    };
    const tap = weights.start + down.first * weights.y + across.first * weights.x;
    store("left", () => {
      f.get(at.base).get(row).plus(-y.from).times(phase.g.y.stride).plus(y.pixel).times(line);
      f.op("i32.add").get(window).plus(-x.from).times(phase.g.x.stride).plus(x.pixel).times(pixel);
      f.op("i32.add");
    });
    store("right", () => f.get(f.base(slot)).plus(4 * tap));
    store("out", () => {
      f.get(at.result).get(row).times(phase.y.step).plus(phase.y.first).times(outLine);
      f.op("i32.add").get(window).times(phase.x.step).plus(phase.x.first).times(pixel);
      f.op("i32.add");
    });
    store(isColumn ? "windows" : "rows", () => f.get(end, row).op("i32.sub"));
    store(isColumn ? "rows" : "windows", () => f.get(last, window).op("i32.sub"));
    f.advance(at.entry, ENTRY_BYTES);
  };
  phaseRow(at.y, row);
  phaseRow(at.end, end);
  bound(row, y.from, "i32.gt_u");
  bound(end, y.to, "i32.lt_u");
  f.i32(x.from).set(window).i32(x.to).set(last);
  if (parts > 1) {
    f.smaller(() => f.get(last), () => f.get(at.to)).set(last);
    f.get(at.from, window, at.from, window).op("i32.gt_u", "select").set(window);
  }
  f.get(row, end).op("i32.lt_u").when(() => {
    if (parts === 1) write();
    else f.get(window, last).op("i32.lt_u").when(write);
  });
}

/** Calls native code for the entries of a table before `entry`. */
function call(
  f: Func,
  callee: NativeFunction,
  { table, entry, channels }: {
    readonly table: number;
    readonly entry: Local;
    readonly channels: number;
  },
) {
  const block = f.local("i32");
  f.global().tee(block).get(LOCAL).plus(table).access("i32.store", callOffset("table"));
  f.get(block, entry).get(LOCAL).op("i32.sub").plus(-table).i32(ENTRY_BYTES).op("i32.div_u");
  f.access("i32.store", callOffset("entries"));
  f.get(block).i32(channels).access("i32.store", callOffset("channels"));
  callRoutine(f, callee, block, ROUTINES.depthwise);
}
