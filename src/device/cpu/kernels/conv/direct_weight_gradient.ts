/**
 * The direct weight gradient of a convolution: images are split among a fixed number of partial results,
 * each a sum of products over pixels, which are then added.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import {
  coordinates,
  type KernelContext,
  type Lowered,
  type Pass,
  pass,
  point,
  setShare,
} from "../../kernel.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { type Extent, multiply, panelColumns, type ProductShape } from "../product/mod.ts";
import { type Bands, MIN_UNITS, splitIntoBands } from "./bands.ts";
import { setBandRows } from "./layout.ts";
import { type BandSource, bandSource } from "./source.ts";

/** The most partial results. */
const MAX_PARTS = 8;
/** The fewest rows of a partial result that a unit computes of each row of taps. */
const MIN_ROWS = 24;

/** Partial results [part][group][y][x, channel][column], with columns padded to whole vectors. */
interface Partials {
  readonly parts: number;
  /** The slices that a part is split into: by rows of taps, and by rows of each of these. */
  readonly slices: { readonly taps: number; readonly rows: number };
  /** Columns of a padded row. */
  readonly padded: number;
  /** Rows per row of taps. */
  readonly depth: number;
  /** Elements of one part. */
  readonly elements: number;
  /** The slot of scratch memory that holds them. */
  readonly slot: number;
}

function reservePartials(context: KernelContext, g: ConvGeometry): Partials {
  const parts = Math.min(g.batch, MAX_PARTS), padded = Math.ceil(g.groupOut / 4) * 4;
  const depth = g.x.kernel * g.groupIn, elements = g.groups * g.y.kernel * depth * padded;
  const slot = context.scratch(parts * elements);
  return { parts, slices: sliceParts(g, parts), padded, depth, elements, slot };
}

/** Slices of few parts. */
function sliceParts({ y, x, groupIn }: ConvGeometry, parts: number): Partials["slices"] {
  const taps = Math.min(y.kernel, Math.ceil(MIN_UNITS / parts));
  const most = x.kernel === 1 ? Math.max(1, Math.floor(groupIn / MIN_ROWS)) : 1;
  return { taps, rows: Math.min(most, Math.ceil(MIN_UNITS / (parts * taps))) };
}

/** Lowers the weight gradient of a convolution: image, output cotangent → weight cotangent. */
export function weightGradientDirectly(context: KernelContext, g: ConvGeometry): Lowered {
  const bands = splitIntoBands(g), partials = reservePartials(context, g);
  const source = bandSource(context, g, bands, context.operands[0]);
  context.reserve(source.bytes + 4 * bands.rows * g.x.out * g.outChannels + 64);
  return {
    passes: [sumOverPixels(context, g, bands, source, partials), addParts(context, g, partials)],
  };
}

/** Computes the partial results, a slice of one per unit, from its images, band by band. */
function sumOverPixels(
  context: KernelContext,
  g: ConvGeometry,
  bands: Bands,
  source: BandSource,
  partials: Partials,
): Pass {
  const { operands: [, cotangent] } = context, { parts, slices, depth } = partials;
  const outRow = g.x.out * g.outChannels;
  return pass(parts * slices.taps * slices.rows, (f, unit) => {
    const [part, taps, share] = coordinates(f, unit, [parts, slices.taps, slices.rows]);
    const [image, end, band, first, rows, pointer, from, right, out, tap, lastTap] = f.locals(
      "i32",
      11,
    );
    const [row, lastRow, group] = f.locals("i32", 3);
    const slice: Slice = { part: part!, tap, lastTap, row, lastRow, group, out };
    const pointToCotangent = () => {
      f.get(image).times(g.y.out).get(first).op("i32.add").times(outRow).set(from);
      const elements = () => f.get(rows).times(outRow);
      point(f, cotangent, right, from, elements, source.bytes, outRow % 4 === 0);
    };
    setShare(f, taps!, slices.taps, g.y.kernel, tap, lastTap);
    setShare(f, share!, slices.rows, slices.rows > 1 ? g.groupIn : depth, row, lastRow);
    clearSlice(f, g, partials, slice);
    setShare(f, part!, parts, g.batch, image, end);
    f.while(image, end, 1, () => {
      f.count(band, bands.count, () => {
        setBandRows(f, g, bands, band, { first, rows });
        source.point(f, { image, first, rows, pointer });
        pointToCotangent();
        addBand(f, context, g, source, partials, { ...slice, pointer, right, rows });
      });
    });
  });
}

/** The locals of a slice: its part, its rows of taps, the rows of each, the group, and the pointer to it. */
type Slice = Readonly<
  Record<"part" | "tap" | "lastTap" | "row" | "lastRow" | "group" | "out", Local>
>;

/** Runs `body` for each row of taps of each group of a slice, with `out` at its first row. */
function eachTapRow(
  f: Func,
  g: ConvGeometry,
  { padded, depth, elements, slot }: Partials,
  { part, tap, lastTap, row, group, out }: Slice,
  body: (line: Local) => void,
) {
  const line = f.local("i32");
  f.count(group, g.groups, () => {
    f.get(tap).set(line);
    f.while(line, lastTap, 1, () => {
      f.get(group).times(g.y.kernel).get(line).op("i32.add").times(depth).get(row).op("i32.add");
      f.times(padded).get(part).times(elements).op("i32.add").times(4).get(f.base(slot));
      f.op("i32.add").set(out);
      body(line);
    });
  });
}

function clearSlice(f: Func, g: ConvGeometry, partials: Partials, slice: Slice) {
  eachTapRow(f, g, partials, slice, () => {
    f.get(slice.out).i32(0).get(slice.lastRow, slice.row).op("i32.sub");
    f.times(4 * partials.padded).op("memory.fill");
  });
}

/** Adds a band of pixels to the rows of a slice. */
function addBand(
  f: Func,
  context: KernelContext,
  g: ConvGeometry,
  { pixel, row, group: groupBytes }: BandSource,
  partials: Partials,
  at: Slice & Readonly<Record<"pointer" | "right" | "rows", Local>>,
) {
  const [left, right, tap, steps, count] = f.locals("i32", 5), { x, y, groupIn } = g;
  const cotangentPixel = 4 * g.outChannels, { padded } = partials, { out, group } = at;
  const shape: ProductShape = {
    leftRow: 4,
    leftStep: x.stride * pixel,
    leftLine: y.stride * row,
    rightStep: cotangentPixel,
    rightLine: x.out * cotangentPixel,
    rightPanel: 4 * panelColumns(context.features),
    outRow: 4 * padded,
    accumulates: true,
  };
  const isContiguous = shape.leftLine === x.out * shape.leftStep;
  const addRows = (rows: Extent) => {
    const extents = isContiguous
      ? { depth: { local: steps } }
      : { depth: x.out, lines: { local: at.rows } };
    multiply(f, context, shape, { left, right, out }, { rows, columns: g.groupOut, ...extents });
  };
  const addTaps = () => {
    f.count(tap, x.kernel, () => {
      addRows(groupIn);
      f.advance(left, x.dilation * pixel).advance(out, 4 * groupIn * padded);
    });
  };
  const areAdjacent = x.kernel === 1 || (x.dilation === 1 && pixel === 4 * groupIn);
  f.get(at.rows).times(x.out).set(steps).get(at.lastRow, at.row).op("i32.sub").set(count);
  eachTapRow(f, g, partials, at, (line) => {
    f.get(at.pointer, group).times(groupBytes).op("i32.add").get(line).times(y.dilation * row);
    f.op("i32.add").get(at.row).times(4).op("i32.add").set(left);
    f.get(at.right, group).times(4 * g.groupOut).op("i32.add").set(right);
    if (areAdjacent) addRows(partials.slices.rows > 1 ? { local: count } : partials.depth);
    else addTaps();
  });
}

/** Adds up the parts, one row of the weight per unit. */
function addParts(
  context: KernelContext,
  g: ConvGeometry,
  { parts, padded, depth, elements, slot }: Partials,
): Pass {
  const lines = g.y.kernel * depth, tail = g.groupOut % 4;
  return pass(lines, (f, unit) => {
    const [group, o, part, from, to] = f.locals("i32", 5), total = f.local("v128");
    const addVector = (channels: number, store: () => void) => {
      f.floats(0).set(total);
      f.count(part, parts, () => {
        f.get(total, from).access("v128.load").op("f32x4.add").set(total);
        f.advance(from, 4 * elements);
      });
      f.get(to, total);
      store();
      f.advance(from, 16 - 4 * elements * parts).advance(to, 4 * channels);
    };
    const storeTail = () => {
      for (let lane = 0; lane < tail; lane++) {
        if (lane > 0) f.get(to, total);
        f.storeLane(lane, 4 * lane);
      }
    };
    f.get(f.base(context.out), unit).times(4 * g.outChannels).op("i32.add").set(to);
    f.count(group, g.groups, () => {
      f.get(group).times(lines).get(unit).op("i32.add").times(4 * padded).get(f.base(slot));
      f.op("i32.add").set(from);
      f.count(o, g.groupOut >> 2, () => addVector(4, () => f.access("v128.store")));
      if (tail) addVector(tail, storeTail);
    });
    const start = () => f.get(unit).times(g.outChannels);
    context.finish(f, start, () => start().plus(g.outChannels), g.outChannels % 4 === 0);
  });
}
