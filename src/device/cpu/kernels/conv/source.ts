/**
 * The bands of a convolution's image as its products read them: in place where no window reads padding,
 * else laid out with padding by each thread.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { extent, reachesOut } from "../../../../ops/window_axis.ts";
import type { Func } from "../../wasm/function.ts";
import { type KernelContext, type KernelOperand, LOCAL, TABLE } from "../../kernel.ts";
import type { Bands } from "./bands.ts";
import { type BandAt, layoutBytes, layoutFunction } from "./layout.ts";

/** Where the pixels of a band are. */
export interface BandSource {
  /** Bytes from pixel to pixel, from row to row, and from group to group. */
  readonly pixel: number;
  readonly row: number;
  readonly group: number;
  /** Bytes that it uses at the start of the thread's scratch memory; 0 if bands are read in place. */
  readonly bytes: number;
  /** Sets `pointer` to the first position of window row `first` of an image, of `rows` rows. */
  point(f: Func, at: BandAt): void;
}

/** The source of an operand's bands for the windows of a geometry without spacing. */
export function bandSource(
  context: KernelContext,
  g: ConvGeometry,
  bands: Bands,
  operand: KernelOperand,
): BandSource {
  const { slot } = operand, isInside = !reachesOut(g.y) && !reachesOut(g.x);
  if (slot !== undefined && isInside && (g.groups === 1 || g.x.kernel === 1)) {
    return inPlace(g, slot);
  }
  return laidOut(context, g, bands, operand);
}

function laidOut(
  context: KernelContext,
  g: ConvGeometry,
  bands: Bands,
  operand: KernelOperand,
): BandSource {
  const layout = layoutFunction(context, g, bands, operand), { pixel, row, group } = bands;
  return {
    pixel,
    row,
    group,
    bytes: layoutBytes(g, bands),
    point(f, { image, first, rows, pointer }) {
      f.get(TABLE, LOCAL, image, first).times(g.y.stride);
      f.get(rows).plus(-1).times(g.y.stride).plus(extent(g.y)).call(layout);
      f.get(LOCAL).set(pointer);
    },
  };
}

function inPlace({ y, x, channels, groupIn }: ConvGeometry, slot: number): BandSource {
  const pixel = 4 * channels, row = x.size * pixel;
  return {
    pixel,
    row,
    group: 4 * groupIn,
    bytes: 0,
    point(f, { image, first, pointer }) {
      f.get(f.base(slot)).get(image).times(y.size).get(first).times(y.stride).op("i32.add");
      f.plus(-y.padding).times(row).op("i32.add").plus(-x.padding * pixel).set(pointer);
    },
  };
}
