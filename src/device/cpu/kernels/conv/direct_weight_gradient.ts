/**
 * The gradient of a convolution's weight: images shared out among a fixed number of partial results,
 * each a sum over pixels in tiles of 4 taps' channels by a tile's columns; then their sum.
 *
 * @module
 */
import { type ConvGeometry, convGeometry } from "../../../../ops/conv_geometry.ts";
import { Func, type Local } from "../../wasm/module.ts";
import type { Features } from "../../features.ts";
import { type Lower, pass, point } from "../../kernel.ts";
import { type Bands, bandsOf, layout, layoutBytes, liesReady, pointToBand } from "./bands.ts";
import { algorithmFor } from "./choice.ts";
import { weightGradientOfBlocks } from "./winograd/weight_gradient.ts";
import { columnsOf, ROWS, split, Tile, tiles } from "../register_tile.ts";

/** The most partial results. */
const PARTS = 8;
/** Pixels that a tile runs over at once, so that both operands stay in the first cache. */
const PIXELS = 64;

/** A function (left, right, target, rows) that adds rows of pixels to one tile of a partial result. */
function pixelTile(
  features: Features,
  c: ConvGeometry,
  bands: Bands,
  padded: number,
  count: number,
): Func {
  const f = new Func(["i32", "i32", "i32", "i32"]), [left, right, target, rows] = f.inputs(4);
  const [y, x] = f.locals("i32", 2), tile = new Tile(f, features, count);
  const together = c.x.out % 4 === 0 ? 4 : 1;
  const leftPixel = c.x.stride * bands.pixel, rightPixel = 4 * c.outChannels;
  tile.reload(target, 4 * padded);
  f.i32(0).set(y);
  f.while(y, rows, 1, () => {
    f.count(x, c.x.out, () => {
      for (let p = 0; p < together; p++) tile.across(left, p * leftPixel, right, p * rightPixel);
      f.advance(left, together * leftPixel).advance(right, together * rightPixel);
    }, together);
    f.advance(left, c.y.stride * bands.row - c.x.out * leftPixel);
  });
  tile.store(target, 4 * padded);
  return f;
}

/** image, output cotangent → weight cotangent. */
export const conv2dWeightGradient: Lower = (context) => {
  const c = convGeometry(context.args[0].shape, context.spec.shape, context.attrs);
  const { module, features, operands: [source, gradient], out } = context;
  const algorithm = algorithmFor(features, c);
  if (algorithm) return weightGradientOfBlocks(context, c, algorithm);
  const bands = bandsOf(c), parts = Math.min(c.batch, PARTS), columns = columnsOf(features);
  const [fullPanels, rest] = split(c.groupOut, columns), panels = fullPanels + (rest ? 1 : 0);
  const padded = panels * columns, depth = c.x.kernel * c.groupIn;
  const [fullTiles, lastRows] = split(depth, ROWS);
  const elements = c.groups * c.y.kernel * depth * padded;
  const partial = context.scratch(parts * elements);
  const lay = liesReady(c, source) ? undefined : layout(context, c, bands, source);
  const offset = lay ? layoutBytes(c, bands) : 0, outRow = c.x.out * c.outChannels;
  context.reserve(offset + 4 * bands.rows * outRow + 64);
  const tile = tiles((count) => module.add(pixelTile(features, c, bands, padded, count)));
  const chunk = Math.max(1, Math.floor(PIXELS / c.x.out));
  const products = pass(parts, (f, part) => {
    const [image, end, band, first, rows, pointer, from, right, start, y, count] = f.locals(
      "i32",
      11,
    );
    const smaller = (to: Local, limit: number) => {
      f.get(to).i32(limit).get(to).i32(limit).op("i32.lt_u", "select").set(to);
    };
    f.get(f.base(partial), part).times(4 * elements).op("i32.add").tee(start);
    f.i32(0).i32(4 * elements).op("memory.fill");
    f.get(part).times(c.batch).i32(parts).op("i32.div_u").set(image);
    f.get(part).plus(1).times(c.batch).i32(parts).op("i32.div_u").set(end);
    f.while(image, end, 1, () => {
      f.count(band, bands.count, () => {
        f.get(band).times(bands.rows).tee(first).times(-1).plus(c.y.out).set(rows);
        smaller(rows, bands.rows);
        pointToBand(f, c, bands, source, lay, { image, first, rows, pointer });
        f.get(image).times(c.y.out).get(first).op("i32.add").times(outRow).set(from);
        const many = () => f.get(rows).times(outRow);
        point(f, gradient, right, from, many, offset, outRow % 4 === 0);
        f.i32(0).set(y);
        f.while(y, rows, chunk, () => {
          f.get(rows, y).op("i32.sub").set(count);
          smaller(count, chunk);
          overTiles(f, { pointer, right, start, count });
          f.advance(pointer, chunk * c.y.stride * bands.row).advance(right, 4 * chunk * outRow);
        });
      });
    });
  });
  function overTiles(
    f: Func,
    at: Readonly<Record<"pointer" | "right" | "start" | "count", Local>>,
  ) {
    const [g, ky, l, panel, line, left, column, to, target] = f.locals("i32", 9);
    const row = (height: number) => {
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
    f.count(g, c.groups, () => {
      f.count(ky, c.y.kernel, () => {
        f.get(line).set(left);
        f.count(l, fullTiles, () => row(ROWS));
        if (lastRows) row(lastRows);
        f.advance(line, bands.row);
      });
      f.advance(line, bands.group - c.y.kernel * bands.row);
      f.advance(column, 4 * c.groupOut);
    });
  }
  const lines = c.y.kernel * depth;
  const join = pass(lines, (f, unit) => {
    const [g, o, q, from, to] = f.locals("i32", 5), total = f.local("v128");
    const vectors = (count: number, store: () => void) => {
      f.floats(0).set(total);
      f.count(q, parts, () => {
        f.get(total, from).access("v128.load").op("f32x4.add").set(total);
        f.advance(from, 4 * elements);
      });
      f.get(to, total);
      store();
      f.advance(from, 16 - 4 * elements * parts).advance(to, 4 * count);
    };
    f.get(f.base(out), unit).times(4 * c.outChannels).op("i32.add").set(to);
    f.count(g, c.groups, () => {
      f.get(g).times(lines).get(unit).op("i32.add").times(4 * padded).get(f.base(partial));
      f.op("i32.add").set(from);
      f.count(o, c.groupOut >> 2, () => vectors(4, () => f.access("v128.store")));
      const tail = c.groupOut % 4;
      if (tail) {
        vectors(tail, () => {
          for (let lane = 0; lane < tail; lane++) {
            if (lane > 0) f.get(to, total);
            f.storeLane(lane, 4 * lane);
          }
        });
      }
    });
    const start = () => f.get(unit).times(c.outChannels);
    context.finish(f, start, () => start().plus(c.outChannels), c.outChannels % 4 === 0);
  });
  return { passes: [products, join] };
};
