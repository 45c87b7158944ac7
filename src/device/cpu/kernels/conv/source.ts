/**
 * The bands of a convolution's image as its products read them: in place where no window reads padding,
 * else laid out with padding by each thread.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { extent, reachesOut } from "../../../../ops/window_axis.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { type KernelContext, type KernelOperand, LOCAL, TABLE } from "../../kernel.ts";
import type { Bands } from "./bands.ts";
import { type BandAt, layoutBytes, layoutFunction } from "./layout.ts";

/** Where the pixels of a band are. */
export interface BandSource {
  /** Bytes from pixel to pixel, from row to row, from group to group, and from image to image. */
  readonly pixel: number;
  readonly row: number;
  readonly group: number;
  readonly image: number;
  /** Bytes that it uses at the start of the thread's scratch memory; 0 if bands are read in place. */
  readonly bytes: number;
  /**
   * Sets `pointer` to the first position of window row `first` of an image, of `rows` rows. With `count`
   * that many images are at hand, whole ones: `first` must be 0 then.
   */
  point(f: Func, at: BandAt, count?: Local): void;
}

/**
 * The source of an operand's bands for the windows of a geometry without spacing.
 *
 * @param images The most images that are at hand at once.
 */
export function bandSource(
  context: KernelContext,
  g: ConvGeometry,
  bands: Bands,
  operand: KernelOperand,
  images = 1,
): BandSource {
  const { slot } = operand, isInside = !reachesOut(g.y) && !reachesOut(g.x);
  if (slot !== undefined && isInside && (g.groups === 1 || g.x.kernel === 1)) {
    return inPlace(g, slot);
  }
  return laidOut(context, g, bands, operand, images);
}

function laidOut(
  context: KernelContext,
  g: ConvGeometry,
  bands: Bands,
  operand: KernelOperand,
  images: number,
): BandSource {
  const layout = layoutFunction(context, g, bands, operand), { pixel, row, group } = bands;
  const bytes = layoutBytes(g, bands) + (images - 1) * bands.bytes;
  context.reserve(bytes);
  const layOut = (f: Func, to: Local, image: Local, { first, rows }: BandAt) => {
    f.get(TABLE, to, image, first).times(g.y.stride);
    f.get(rows).plus(-1).times(g.y.stride).plus(extent(g.y)).call(layout);
  };
  return {
    pixel,
    row,
    group,
    image: bands.bytes,
    bytes,
    point(f, at, count) {
      if (count === undefined) layOut(f, LOCAL, at.image, at);
      else {
        const [image, end, to] = f.locals("i32", 3);
        f.get(LOCAL).set(to).get(at.image).tee(image).get(count).op("i32.add").set(end);
        f.while(image, end, 1, () => {
          layOut(f, to, image, at);
          f.advance(to, bands.bytes);
        });
      }
      f.get(LOCAL).set(at.pointer);
    },
  };
}

function inPlace({ y, x, channels, groupIn }: ConvGeometry, slot: number): BandSource {
  const pixel = 4 * channels, row = x.size * pixel;
  return {
    pixel,
    row,
    group: 4 * groupIn,
    image: y.size * row,
    bytes: 0,
    point(f, { image, first, pointer }) {
      f.get(f.base(slot)).get(image).times(y.size).get(first).times(y.stride).op("i32.add");
      f.plus(-y.padding).times(row).op("i32.add").plus(-x.padding * pixel).set(pointer);
    },
  };
}
