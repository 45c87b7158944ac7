/**
 * The weight gradient of a convolution of small groups, depthwise above all: rows of windows are split among
 * a fixed number of partial results, which are then added. A row is walked once for each set of rows of
 * taps, with a sum of every tap in registers.
 *
 * @module
 */
import { type ConvGeometry, countTaps } from "../../../../../ops/conv_geometry.ts";
import { multiplyAdd } from "../../../features.ts";
import { type KernelContext, type Lowered, type Pass, pass, setShare } from "../../../kernel.ts";
import { Func, type Local } from "../../../wasm/function.ts";
import { blockRuns, tapChunks } from "./blocks.ts";
import { countChunks, forChunks, type Lanes, lanesOf, loadLanes, storeLanes } from "./lanes.ts";
import { operandRows, rowsTogether } from "./gradient_rows.ts";
import { weightGradientNatively } from "./native_gradient.ts";
import { nativeLanes } from "./native.ts";
import { type TapSet, tapSets } from "./tap_sets.ts";
import { partsOf } from "./units.ts";

/** The most sums in registers, and vectors of the cotangent beside them. */
const SUMS = 9, COTANGENTS = 4;
/** Partial results [part][chunk][y][x][k][vector]. */
interface Partials {
  readonly parts: number;
  /** Bytes of a tap, of a chunk, and of a part. */
  readonly tap: number;
  readonly chunk: number;
  readonly bytes: number;
  readonly slot: number;
}

/** Lowers the weight gradient of a convolution of small groups: image, output cotangent → weight cotangent. */
export function weightGradientDepthwise(context: KernelContext, g: ConvGeometry): Lowered {
  const { module: { multiply }, features } = context, native = nativeLanes(features, g);
  if (multiply && native) return weightGradientNatively(context, multiply, g, native);
  const lanes = lanesOf(g, features), partials = reservePartials(context, g, lanes);
  return {
    passes: [sumRows(context, g, lanes, partials), addParts(context, g, lanes, partials)],
  };
}

function reservePartials(context: KernelContext, g: ConvGeometry, lanes: Lanes): Partials {
  const parts = partsOf(g), tap = 16 * g.groupIn * lanes.vectors;
  const chunk = countTaps(g) * tap, bytes = countChunks(lanes) * chunk;
  return { parts, tap, chunk, bytes, slot: context.scratch(parts * bytes / 4) };
}

/** The sets of taps whose sums fit the registers. */
function setsOf(g: ConvGeometry, { vectors }: Lanes): TapSet[] {
  const most = Math.max(1, Math.floor(SUMS / (g.groupIn * vectors)));
  return tapSets(g, Math.max(1, Math.floor(most / g.x.kernel)), most);
}

/** Computes the partial results, one per unit, from its rows of windows. */
function sumRows(context: KernelContext, g: ConvGeometry, lanes: Lanes, partials: Partials): Pass {
  const { operands: [image, cotangent] } = context, outRow = 4 * g.x.out * g.outChannels;
  const isInPlace = image.slot !== undefined && cotangent.slot !== undefined;
  const rows = rowsTogether(g, isInPlace ? "near" : "computed");
  const sources = operandRows(context, g, rows);
  const sets = setsOf(g, lanes).map((set) => ({
    ...set,
    add: context.module.once(
      JSON.stringify(["depthwise weight gradient", g, set.rows, set.from, set.to]),
      () => setFunction(context, g, lanes, partials, sources.row, set),
    ),
  }));
  return pass(partials.parts, (f, part) => {
    const [line, end, image, y, stop, base, right, start] = f.locals("i32", 8);
    const [from, to] = f.locals("i32", 2);
    f.get(f.base(partials.slot), part).times(partials.bytes).op("i32.add").tee(start);
    f.i32(0).i32(partials.bytes).op("memory.fill");
    setShare(f, part, partials.parts, g.batch * g.y.out, line, end);
    f.while(line, end, 0, () => {
      sources.point(f, { line, end, rows, image, y, stop, base, right });
      for (const set of sets) {
        f.get(y).set(from);
        if (set.windows.from > 0) {
          f.get(from).i32(set.windows.from).get(from).i32(set.windows.from);
          f.op("i32.gt_u", "select").set(from);
        }
        f.smaller(() => f.get(stop), () => f.i32(set.windows.to)).set(to);
        f.get(from, to).op("i32.lt_u").when(() => {
          const first = set.row * g.y.dilation - g.y.padding;
          f.get(base, from).times(g.y.stride).plus(first).times(sources.row).op("i32.add");
          f.get(right, from).times(outRow).op("i32.add");
          f.get(start).plus((set.row * g.x.kernel + set.from) * partials.tap);
          f.get(to, from).op("i32.sub").call(set.add);
        });
      }
      f.get(line, stop).op("i32.add").get(y).op("i32.sub").set(line);
    });
  });
}

/** A function (left, right, target, rows) that adds rows of windows to the sums of a set of taps. */
function setFunction(
  { features }: KernelContext,
  g: ConvGeometry,
  lanes: Lanes,
  partials: Partials,
  imageRow: number,
  { rows, from, to }: TapSet,
): Func {
  const f = new Func(["i32", "i32", "i32", "i32"]), [left, right, target, count] = f.inputs(4);
  const { vectors, groupIn, groupOut } = lanes, columns = to - from;
  const [line, row, i, pixel, out] = f.locals("i32", 5), image = f.local("v128");
  const taps = rows * columns * groupIn * vectors;
  const sums = f.locals("v128", taps);
  const place = (r: number, tap: number, k: number, v: number) =>
    ((r * columns + tap - from) * groupIn + k) * vectors + v;
  const memory = (r: number, tap: number, k: number, v: number) =>
    (r * g.x.kernel + tap - from) * partials.tap + 16 * (k * vectors + v);
  const forSums = (body: (index: number, offset: number) => void) => {
    for (let r = 0; r < rows; r++) {
      for (let tap = from; tap < to; tap++) {
        for (let k = 0; k < groupIn; k++) {
          for (let v = 0; v < vectors; v++) body(place(r, tap, k, v), memory(r, tap, k, v));
        }
      }
    }
  };
  const windows = Math.max(1, Math.floor(COTANGENTS / vectors));
  const axis = { ...g.x, kernel: columns, padding: g.x.padding - from * g.x.dilation };
  const runs = blockRuns(axis, windows), held = f.locals("v128", windows * vectors);
  const read = (local: Local) => () => f.get(local);
  const addBlock = (block: typeof runs[number]["block"]) => {
    for (let window = 0; window < block.windows; window++) {
      for (let v = 0; v < vectors; v++) {
        f.get(out).access("v128.load", 4 * g.outChannels * window + 16 * v);
        f.set(held[window * vectors + v]!);
      }
    }
    const start = f.local("i32");
    for (let r = 0; r < rows; r++) {
      if (r > 0) f.get(r === 1 ? pixel : start).plus(g.y.dilation * imageRow).set(start);
      for (const list of tapChunks(block, columns).flat()) {
        for (let k = 0; k < groupIn; k++) {
          for (let v = 0; v < vectors; v++) {
            if (v === 0 || groupOut % 4 !== 0) {
              loadLanes(f, lanes, r > 0 ? start : pixel, 4 * g.channels * list[0]!.place, v, k);
              f.set(image);
            }
            for (const { window, tap } of list) {
              const sum = sums[place(r, from + tap, k, v)]!;
              multiplyAdd(f, features, read(image), read(held[window * vectors + v]!), read(sum));
              f.set(sum);
            }
          }
        }
      }
    }
  };
  const addRow = () => {
    for (const run of runs) {
      f.get(line).plus(4 * g.channels * run.pixel).set(pixel);
      f.get(row).plus(4 * g.outChannels * run.window).set(out);
      const blocks = run.to - run.from, last = f.local("i32");
      if (blocks === 1) addBlock(run.block);
      else {
        f.count(last, blocks, () => {
          addBlock(run.block);
          f.advance(pixel, 4 * g.channels * run.pixelStep);
          f.advance(out, 4 * g.outChannels * run.windowStep);
        });
      }
    }
  };
  forChunks(f, lanes, [[left, 4 * groupIn], [right, 4 * groupOut]], () => {
    forSums((index, offset) => f.get(target).access("v128.load", offset).set(sums[index]!));
    f.get(left).set(line).get(right).set(row).get(count).set(i);
    f.loop(() => {
      addRow();
      f.advance(line, g.y.stride * imageRow).advance(row, 4 * g.x.out * g.outChannels);
      f.get(i).plus(-1).tee(i).exitIf(0);
    });
    forSums((index, offset) => f.get(target, sums[index]!).access("v128.store", offset));
  }, [[target, partials.chunk]]);
  return f;
}

/** Adds up the parts, a tap of all channels per unit. */
function addParts(context: KernelContext, g: ConvGeometry, lanes: Lanes, partials: Partials): Pass {
  const { vectors, groupIn, groupOut } = lanes, { parts, tap, chunk, bytes, slot } = partials;
  return pass(countTaps(g) * groupIn, (f, unit) => {
    const [from, to, part, at] = f.locals("i32", 4), total = f.local("v128");
    f.get(f.base(slot), unit).times(tap / groupIn).op("i32.add").set(from);
    f.get(f.base(context.out), unit).times(4 * g.outChannels).op("i32.add").set(to);
    forChunks(f, lanes, [[to, 4 * groupOut]], () => {
      for (let v = 0; v < vectors; v++) {
        f.floats(0).set(total).get(from).set(at);
        f.count(part, parts, () => {
          f.get(total, at).access("v128.load", 16 * v).op("f32x4.add").set(total);
          f.advance(at, bytes);
        });
        storeLanes(f, lanes, v, to, 0, total);
      }
    }, [[from, chunk]]);
    const start = () => f.get(unit).times(g.outChannels);
    context.finish(f, start, () => start().plus(g.outChannels), g.outChannels % 4 === 0);
  });
}
