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
import { BAND_BYTES, type Bands, mergeImages, MIN_UNITS, splitIntoBands } from "./bands.ts";
import { setBandRows } from "./layout.ts";
import { type BandSource, bandSource } from "./source.ts";

/** The most partial results, and the fewest pixels that are summed in one. */
const MAX_PARTS = 8, MIN_PIXELS = 512;
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

/** The chunks of images that are summed at once: some whole images, or a band of one. */
interface Chunks {
  readonly bands: Bands;
  /** Images of a chunk, fewer in the last one. More than 1 only if images have one band. */
  readonly images: number;
  readonly count: number;
}

function splitIntoChunks(g: ConvGeometry): Chunks {
  const bands = splitIntoBands(g), fit = Math.floor(BAND_BYTES / bands.bytes);
  const images = bands.count > 1
    ? 1
    : Math.max(1, Math.min(fit, Math.floor(g.batch / mostParts(g))));
  return { bands, images, count: Math.ceil(g.batch / images) * bands.count };
}

/** The most partial results for as many pixels. */
const mostParts = ({ batch, y, x }: ConvGeometry): number =>
  Math.min(MAX_PARTS, Math.max(1, Math.floor(batch * y.out * x.out / MIN_PIXELS)));

function reservePartials(context: KernelContext, g: ConvGeometry, chunks: Chunks): Partials {
  const parts = Math.min(chunks.count, mostParts(g)), padded = Math.ceil(g.groupOut / 4) * 4;
  const depth = g.x.kernel * g.groupIn, elements = g.groups * g.y.kernel * depth * padded;
  const slot = context.scratch(parts * elements);
  return { parts, slices: sliceParts(g, parts), padded, depth, elements, slot };
}

/** Whether the taps of a window's row are adjacent in memory. */
const areAdjacent = ({ x }: ConvGeometry) => x.kernel === 1 || x.dilation === 1;

/** Slices of few parts. */
function sliceParts(g: ConvGeometry, parts: number): Partials["slices"] {
  const { y, x, groupIn } = g;
  const taps = Math.min(y.kernel, Math.ceil(MIN_UNITS / parts));
  const fit = Math.max(1, Math.floor(x.kernel * groupIn / MIN_ROWS));
  const most = areAdjacent(g) ? fit : 1;
  return { taps, rows: Math.min(most, Math.ceil(MIN_UNITS / (parts * taps))) };
}

/** Lowers the weight gradient of a convolution: image, output cotangent → weight cotangent. */
export function weightGradientDirectly(context: KernelContext, geometry: ConvGeometry): Lowered {
  const g = mergeImages(geometry);
  const chunks = splitIntoChunks(g), { bands, images } = chunks;
  const partials = reservePartials(context, g, chunks);
  const source = bandSource(context, g, bands, context.operands[0], images);
  context.reserve(source.bytes + 4 * images * bands.rows * g.x.out * g.outChannels + 64);
  return {
    passes: [sumOverPixels(context, g, chunks, source, partials), addParts(context, g, partials)],
  };
}

/** Computes the partial results, a slice of one per unit, chunk by chunk. */
function sumOverPixels(
  context: KernelContext,
  g: ConvGeometry,
  { bands, images, count }: Chunks,
  source: BandSource,
  partials: Partials,
): Pass {
  const { operands: [, cotangent] } = context, { parts, slices, depth } = partials;
  const outRow = g.x.out * g.outChannels;
  return pass(parts * slices.taps * slices.rows, (f, unit) => {
    const [part, taps, share] = coordinates(f, unit, [parts, slices.taps, slices.rows]);
    const [chunk, end, image, some, band, first, rows] = f.locals("i32", 7);
    const [pointer, from, right, out, tap, lastTap, row, lastRow, group] = f.locals("i32", 9);
    const slice: Slice = { part: part!, tap, lastTap, row, lastRow, group, out };
    const pointToCotangent = () => {
      f.get(image).times(g.y.out).get(first).op("i32.add").times(outRow).set(from);
      const elements = () => f.get(rows, some).op("i32.mul").times(outRow);
      point(f, cotangent, right, from, elements, source.bytes, outRow % 4 === 0);
    };
    setShare(f, taps!, slices.taps, g.y.kernel, tap, lastTap);
    setShare(f, share!, slices.rows, depth, row, lastRow);
    clearSlice(f, g, partials, slice);
    setShare(f, part!, parts, count, chunk, end);
    f.while(chunk, end, 1, () => {
      f.get(chunk).i32(bands.count).op("i32.rem_u").set(band);
      f.get(chunk).i32(bands.count).op("i32.div_u").times(images).tee(image);
      f.times(-1).plus(g.batch).set(some).atMost(some, images);
      setBandRows(f, g, bands, band, { first, rows });
      source.point(f, { image, first, rows, pointer }, images > 1 ? some : undefined);
      pointToCotangent();
      addChunk(f, context, g, source, partials, { ...slice, pointer, right, rows, some });
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

/** Adds a chunk of pixels to the rows of a slice. */
function addChunk(
  f: Func,
  context: KernelContext,
  g: ConvGeometry,
  { pixel, row, group: groupBytes, image }: BandSource,
  partials: Partials,
  at: Slice & Readonly<Record<"pointer" | "right" | "rows" | "some", Local>>,
) {
  const [left, right, tap, steps, count] = f.locals("i32", 5), { x, y, groupIn } = g;
  const cotangentPixel = 4 * g.outChannels, { padded } = partials, { out, group } = at;
  const shape: ProductShape = {
    leftRow: 4,
    leftStep: x.stride * pixel,
    leftLine: y.stride * row,
    leftBlock: image,
    rightStep: cotangentPixel,
    rightLine: x.out * cotangentPixel,
    rightBlock: y.out * x.out * cotangentPixel,
    rightPanel: 4 * panelColumns(context.features),
    outRow: 4 * padded,
    accumulates: true,
  };
  const isContiguous = shape.leftLine === x.out * shape.leftStep;
  const addRows = (rows: Extent) => {
    const extents = isContiguous
      ? { depth: { local: steps } }
      : { depth: x.out, lines: { local: at.rows } };
    const size = { rows, columns: g.groupOut, blocks: { local: at.some } };
    multiply(f, context, shape, { left, right, out }, { ...size, ...extents });
  };
  const addTaps = () => {
    f.count(tap, x.kernel, () => {
      addRows(groupIn);
      f.advance(left, x.dilation * pixel).advance(out, 4 * groupIn * padded);
    });
  };
  f.get(at.rows).times(x.out).set(steps).get(at.lastRow, at.row).op("i32.sub").set(count);
  eachTapRow(f, g, partials, at, (line) => {
    f.get(at.pointer, group).times(groupBytes).op("i32.add").get(line).times(y.dilation * row);
    f.op("i32.add").get(at.row).times(4).op("i32.add").set(left);
    f.get(at.right, group).times(4 * g.groupOut).op("i32.add").set(right);
    if (areAdjacent(g)) addRows(partials.slices.rows > 1 ? { local: count } : partials.depth);
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
