/**
 * The direct weight gradient of a convolution: images are split among a fixed number of partial results,
 * each a sum over pixels in register tiles, which are then added.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import type { Features } from "../../features.ts";
import {
  type KernelContext,
  type Lowered,
  type Pass,
  pass,
  point,
  setShare,
} from "../../kernel.ts";
import { Func, type Local } from "../../wasm/function.ts";
import { RegisterTile, ROWS, split, tileColumns, tiles } from "../register_tile.ts";
import { type Bands, splitIntoBands } from "./bands.ts";
import { type BandReader, bandReader, setBandRows } from "./layout.ts";

/** The most partial results. */
const MAX_PARTS = 8;
/** Pixels that a tile processes at once, so that both operands stay in the L1 cache. */
const PIXELS = 64;

/** Partial results [part][group][y][x, channel][column], with columns padded to whole tiles. */
interface Partials {
  readonly parts: number;
  /** Columns of a tile, and of a padded row. */
  readonly columns: number;
  readonly padded: number;
  /** Rows per row of taps. */
  readonly depth: number;
  /** Elements of one part. */
  readonly elements: number;
  /** The slot of scratch memory that holds them. */
  readonly slot: number;
}

function reservePartials(context: KernelContext, g: ConvGeometry): Partials {
  const parts = Math.min(g.batch, MAX_PARTS), columns = tileColumns(context.features);
  const padded = Math.ceil(g.groupOut / columns) * columns, depth = g.x.kernel * g.groupIn;
  const elements = g.groups * g.y.kernel * depth * padded;
  const slot = context.scratch(parts * elements);
  return { parts, columns, padded, depth, elements, slot };
}

/** Lowers the weight gradient of a convolution without dilation: image, output cotangent → weight cotangent. */
export function weightGradientDirectly(context: KernelContext, g: ConvGeometry): Lowered {
  const bands = splitIntoBands(g), partials = reservePartials(context, g);
  const images = bandReader(context, g, bands, context.operands[0]);
  context.reserve(images.bytes + 4 * bands.rows * g.x.out * g.outChannels + 64);
  return {
    passes: [sumOverPixels(context, g, bands, images, partials), addParts(context, g, partials)],
  };
}

/** Computes the partial results, one per unit, from its images, band by band in chunks of rows. */
function sumOverPixels(
  context: KernelContext,
  g: ConvGeometry,
  bands: Bands,
  images: BandReader,
  partials: Partials,
): Pass {
  const { module, features, operands: [, cotangent] } = context, { parts } = partials;
  const tile = tiles((rows) => module.add(pixelTile(features, g, bands, partials, rows)));
  const outRow = g.x.out * g.outChannels, chunk = Math.max(1, Math.floor(PIXELS / g.x.out));
  return pass(parts, (f, part) => {
    const [image, end, band, first, rows, pointer, from, right, start, y, count] = f.locals(
      "i32",
      11,
    );
    const clearPart = () => {
      f.get(f.base(partials.slot), part).times(4 * partials.elements).op("i32.add").tee(start);
      f.i32(0).i32(4 * partials.elements).op("memory.fill");
    };
    const pointToCotangent = () => {
      f.get(image).times(g.y.out).get(first).op("i32.add").times(outRow).set(from);
      const elements = () => f.get(rows).times(outRow);
      point(f, cotangent, right, from, elements, images.bytes, outRow % 4 === 0);
    };
    const addChunks = () => {
      f.i32(0).set(y);
      f.while(y, rows, chunk, () => {
        f.get(rows, y).op("i32.sub").set(count).atMost(count, chunk);
        addToTiles(f, g, bands, partials, { pointer, right, start, count }, tile);
        f.advance(pointer, chunk * g.y.stride * bands.row).advance(right, 4 * chunk * outRow);
      });
    };
    clearPart();
    setShare(f, part, parts, g.batch, image, end);
    f.while(image, end, 1, () => {
      f.count(band, bands.count, () => {
        setBandRows(f, g, bands, band, { first, rows });
        images.point(f, { image, first, rows, pointer });
        pointToCotangent();
        addChunks();
      });
    });
  });
}

/** Adds a chunk of rows of pixels to every tile of a part, group by group and tap row by tap row. */
function addToTiles(
  f: Func,
  g: ConvGeometry,
  bands: Bands,
  { columns, padded, depth }: Partials,
  at: Readonly<Record<"pointer" | "right" | "start" | "count", Local>>,
  tile: (rows: number) => Func,
) {
  const [group, ky, k, panel, line, left, column, to, target] = f.locals("i32", 9);
  const [fullTiles, remainder] = split(depth, ROWS);
  const addToRow = (height: number) => {
    f.get(to).set(target).get(column).set(panel);
    const last = f.local("i32");
    f.get(column).plus(4 * padded).set(last);
    f.while(panel, last, 4 * columns, () => {
      f.get(left, panel, target, at.count).call(tile(height));
      f.advance(target, 4 * columns);
    });
    f.advance(left, 4 * height).advance(to, 4 * height * padded);
  };
  f.get(at.start).set(to).get(at.pointer).set(line).get(at.right).set(column);
  f.count(group, g.groups, () => {
    f.count(ky, g.y.kernel, () => {
      f.get(line).set(left);
      f.count(k, fullTiles, () => addToRow(ROWS));
      if (remainder) addToRow(remainder);
      f.advance(line, bands.row);
    });
    f.advance(line, bands.group - g.y.kernel * bands.row);
    f.advance(column, 4 * g.groupOut);
  });
}

/** A function (left, right, target, rows) that adds rows of pixels to one tile of a partial result. */
function pixelTile(
  features: Features,
  g: ConvGeometry,
  bands: Bands,
  { padded }: Partials,
  count: number,
): Func {
  const f = new Func(["i32", "i32", "i32", "i32"]), [left, right, target, rows] = f.inputs(4);
  const [y, x] = f.locals("i32", 2), tile = new RegisterTile(f, features, count);
  const together = g.x.out % 4 === 0 ? 4 : 1;
  const leftPixel = g.x.stride * bands.pixel, rightPixel = 4 * g.outChannels;
  tile.reload(target, 4 * padded);
  f.i32(0).set(y);
  f.while(y, rows, 1, () => {
    f.count(x, g.x.out, () => {
      for (let p = 0; p < together; p++) tile.across(left, p * leftPixel, right, p * rightPixel);
      f.advance(left, together * leftPixel).advance(right, together * rightPixel);
    }, together);
    f.advance(left, g.y.stride * bands.row - g.x.out * leftPixel);
  });
  tile.store(target, 4 * padded);
  return f;
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
