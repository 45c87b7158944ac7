/**
 * The weight gradient of a depthwise convolution in native code: for every image a table of sets of taps,
 * and one call.
 *
 * @module
 */
import { type ConvGeometry, countTaps } from "../../../../../ops/conv_geometry.ts";
import { ROUTINES } from "../../../native/argument_block.ts";
import { callRoutine } from "../../../native/call.ts";
import {
  callOffset,
  GRADIENT_ENTRY,
  GRADIENT_ENTRY_BYTES,
  GRADIENT_RUNS,
  gradientOffset,
  type GradientWord,
  mostTaps,
  RUN_BYTES,
  type Taps,
  tapsIndex,
  walkIndex,
} from "../../../native/depthwise_block.ts";
import {
  coordinates,
  type KernelContext,
  LOCAL,
  type Lowered,
  type Pass,
  pass,
  setShare,
} from "../../../kernel.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import type { NativeFunction } from "../../../wasm/module.ts";
import { blockRuns } from "./blocks.ts";
import { operandRows, rowsTogether } from "./gradient_rows.ts";
import { partsOf } from "./units.ts";
import { type TapSet, tapSets } from "./tap_sets.ts";

/** The fewest units to divide a gradient into. */
const MIN_UNITS = 8;
/** Bytes of a pixel from which walking an image once for each of its vectors is slower than rows of it. */
const WIDE_BYTES = 1024;

/** Partial results [part][panel][y][x][k][lane]. */
interface Partials {
  readonly parts: number;
  readonly lanes: number;
  readonly panels: number;
  /** Bytes of a panel. */
  readonly bytes: number;
  readonly slot: number;
}

/** Lowers the weight gradient of a convolution of as many channels a group in as out. */
export function weightGradientNatively(
  context: KernelContext,
  callee: NativeFunction,
  g: ConvGeometry,
  lanes: number,
): Lowered {
  const parts = partsOf(g), panels = Math.ceil(g.channels / lanes);
  const bytes = 4 * countTaps(g) * g.groupIn * lanes,
    slot = context.scratch(parts * panels * bytes / 4);
  const partials: Partials = { parts, lanes, panels, bytes, slot };
  return { passes: [sumRows(context, callee, g, partials), addParts(context, g, partials)] };
}

/** The locals of a unit. */
type At = Readonly<Record<"y" | "stop" | "base" | "right" | "target" | "entry", Local>>;

/** Computes the partial results: a part of the rows of windows, of some of the panels, per unit. */
function sumRows(
  context: KernelContext,
  callee: NativeFunction,
  g: ConvGeometry,
  partials: Partials,
): Pass {
  const { parts, panels, bytes, lanes } = partials, { operands: [image, cotangent] } = context;
  const isInPlace = image.slot !== undefined && cotangent.slot !== undefined;
  const blocks = isInPlace ? Math.min(panels, Math.ceil(MIN_UNITS / parts)) : 1;
  const rows = isInPlace ? g.y.out : rowsTogether(g, "computed"),
    sets = tapSets(g, ...mostTaps(g.groupIn));
  const sources = operandRows(context, g, rows), table = Math.ceil(sources.bytes / 16) * 16;
  context.reserve(table + sets.length * GRADIENT_ENTRY_BYTES);
  return pass(parts * blocks, (f, unit) => {
    const [part, block] = coordinates(f, unit, [parts, blocks]);
    const [line, end, image, first, last, channels] = f.locals("i32", 6);
    const [y, stop, base, right, target, entry] = f.locals("i32", 6);
    const at: At = { y, stop, base, right, target, entry };
    setShare(f, block!, blocks, panels, first, last);
    f.get(f.base(partials.slot), part!).times(panels).get(first).op("i32.add").times(bytes);
    f.op("i32.add").tee(target).i32(0).get(last, first).op("i32.sub").times(bytes);
    f.op("memory.fill");
    f.get(last, first).op("i32.sub").times(lanes).set(channels);
    setShare(f, part!, parts, g.batch * g.y.out, line, end);
    f.while(line, end, 0, () => {
      sources.point(f, { line, end, rows, image, ...at });
      f.get(base, first).times(4 * lanes).op("i32.add").set(base);
      f.get(right, first).times(4 * lanes).op("i32.add").set(right);
      f.get(LOCAL).plus(table).set(entry);
      for (const set of sets) writeEntry(f, g, set, partials, at);
      call(f, callee, table, entry, channels);
      f.get(line, stop).op("i32.add").get(y).op("i32.sub").set(line);
    });
  });
}

/** Writes the entry of a set of taps in the rows y…stop-1, if it reads pixels there. */
function writeEntry(f: Func, g: ConvGeometry, set: TapSet, { lanes, bytes }: Partials, at: At) {
  const { row, rows, from, to, windows } = set, [first, end] = f.locals("i32", 2);
  const pixel = 4 * g.channels, line = g.x.size * pixel, outLine = g.x.out * pixel;
  const taps: Taps = [g.groupIn, rows, to - from], tap = 4 * lanes * g.groupIn;
  const columns = to - from, padding = g.x.padding - from * g.x.dilation;
  const runs = blockRuns({ ...g.x, kernel: columns, padding }, 1)
    .filter(({ block }) => block.taps.length > 0);
  const constants: Partial<Record<GradientWord, number>> = {
    taps: tapsIndex(taps),
    runs: runs.length,
    leftRow: g.y.stride * line,
    rightRow: outLine,
    leftTap: g.x.dilation * pixel,
    leftLine: g.y.dilation * line,
    outTap: tap,
    outLine: tap * g.x.kernel,
    leftWindow: g.x.stride * pixel,
    rightWindow: pixel,
    outPanel: bytes,
    most: pixel >= WIDE_BYTES ? rowsTogether(g, "wide") : g.y.out,
  };
  const vector = (numbers: readonly number[], offset: number) => {
    const [a, b, c, d] = numbers as [number, number, number, number];
    f.get(at.entry).vector(a >>> 0, b >>> 0, c >>> 0, d >>> 0).access("v128.store", offset);
  };
  const store = (name: GradientWord, push: () => void) => {
    f.get(at.entry);
    push();
    f.access("i32.store", gradientOffset(name));
  };
  if (runs.length === 0) return;
  f.get(at.y).i32(windows.from).get(at.y).i32(windows.from).op("i32.gt_u", "select").set(first);
  f.smaller(() => f.get(at.stop), () => f.i32(windows.to)).set(end);
  f.get(first, end).op("i32.lt_u").when(() => {
    for (const group of GRADIENT_ENTRY.slice(0, -1)) {
      vector(group.map((name) => constants[name] ?? 0), gradientOffset(group[0]));
    }
    runs.forEach(({ block: { taps: read }, from: start, to: stop, pixel: at, window }, i) => {
      const columnsRead = walkIndex(taps, read[0]!.tap, read.at(-1)!.tap + 1);
      vector(
        [stop - start, columnsRead, at * pixel, window * pixel],
        GRADIENT_RUNS + i * RUN_BYTES,
      );
    });
    store("left", () => {
      f.get(at.base, first).times(g.y.stride).plus(row * g.y.dilation - g.y.padding).times(line);
      f.op("i32.add");
    });
    store("right", () => f.get(at.right, first).times(outLine).op("i32.add"));
    store("out", () => f.get(at.target).plus(tap * (row * g.x.kernel + from)));
    store("rows", () => f.get(end, first).op("i32.sub"));
    f.advance(at.entry, GRADIENT_ENTRY_BYTES);
  });
}

/** Calls native code for the entries of a table before `entry`. */
function call(f: Func, callee: NativeFunction, table: number, entry: Local, channels: Local) {
  const block = f.local("i32");
  f.global().tee(block).get(LOCAL).plus(table).access("i32.store", callOffset("table"));
  f.get(block, entry).get(LOCAL).op("i32.sub").plus(-table).i32(GRADIENT_ENTRY_BYTES);
  f.op("i32.div_u").access("i32.store", callOffset("entries"));
  f.get(block, channels).access("i32.store", callOffset("channels"));
  callRoutine(f, callee, block, ROUTINES.depthwiseGradient);
}

/** Adds up the parts, one of the weights of all channels per unit. */
function addParts(context: KernelContext, g: ConvGeometry, partials: Partials): Pass {
  const { parts, lanes, panels, bytes, slot } = partials;
  return pass(countTaps(g) * g.groupIn, (f, unit) => {
    const [panel, part, from, at, to] = f.locals("i32", 5), totals = f.locals("v128", lanes / 4);
    const addPanel = (channels: number) => {
      const used = totals.slice(0, Math.ceil(channels / 4));
      for (const total of used) f.floats(0).set(total);
      f.get(from).set(at);
      f.count(part, parts, () => {
        used.forEach((total, i) => {
          f.get(total, at).access("v128.load", 16 * i).op("f32x4.add").set(total);
        });
        f.advance(at, panels * bytes);
      });
      used.forEach((total, i) => {
        if (4 * i + 4 <= channels) f.get(to, total).access("v128.store", 16 * i);
        else {
          for (let lane = 0; lane < channels - 4 * i; lane++) {
            f.get(to, total).storeLane(lane, 16 * i + 4 * lane);
          }
        }
      });
      f.advance(from, bytes).advance(to, 4 * lanes);
    };
    const whole = Math.floor(g.channels / lanes), remainder = g.channels % lanes;
    f.get(f.base(slot), unit).times(4 * lanes).op("i32.add").set(from);
    f.get(f.base(context.out), unit).times(4 * g.channels).op("i32.add").set(to);
    f.count(panel, whole, () => addPanel(lanes));
    if (remainder > 0) addPanel(remainder);
    const start = () => f.get(unit).times(g.channels);
    context.finish(f, start, () => start().plus(g.channels), g.channels % 4 === 0);
  });
}
