/**
 * The rows of both operands of a weight gradient, image by image.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import type { WindowAxis } from "../../../../../ops/window_axis.ts";
import type { KernelContext } from "../../../kernel.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import { rowSource } from "./rows.ts";

/** Bytes of both operands that are read together: in the L1 cache, of wide pixels in native code, or if computed. */
const BYTES = { near: 24 * 1024, wide: 32 * 1024, computed: 128 * 1024 } as const;

/** Rows of windows that are walked together. */
export function rowsTogether(g: ConvGeometry, kind: keyof typeof BYTES): number {
  const cotangent = g.x.out * g.outChannels, image = g.x.size * g.channels * g.y.stride;
  const fit = BYTES[kind] / (4 * (cotangent + image));
  return Math.min(g.y.out, Math.max(1, Math.floor(fit)));
}

/** The rows of both operands. */
export interface OperandRows {
  /** Bytes of a row of the image, and those used of the thread's scratch memory. */
  readonly row: number;
  readonly bytes: number;
  /**
   * Points to at most `rows` rows of windows of one image from row `line` of the whole batch on, before row
   * `end`: sets `image`, `y` and `stop`, its rows y…stop-1, and `base` and `right`, where row 0 of the image
   * and of its cotangent would be.
   */
  point(
    f: Func,
    at:
      & Readonly<Record<"line" | "end" | "image" | "y" | "stop" | "base" | "right", Local>>
      & { readonly rows: number },
  ): void;
}

/** The rows of the operands of a weight gradient, of at most `rows` rows of windows at a time. */
export function operandRows(context: KernelContext, g: ConvGeometry, rows: number): OperandRows {
  const { operands: [image, cotangent] } = context, outRow = 4 * g.x.out * g.outChannels;
  const images = rowSource(context, g.y, 4 * g.x.size * g.channels, image, rows);
  const own: WindowAxis = { ...g.y, size: g.y.out, kernel: 1, stride: 1, dilation: 1, padding: 0 };
  const cotangents = rowSource(context, own, outRow, cotangent, rows, images.bytes);
  return {
    row: images.row,
    bytes: images.bytes + cotangents.bytes,
    point(f, { line, end, image, y, stop, base, right, rows }) {
      f.get(line).i32(g.y.out).op("i32.div_u").set(image);
      f.get(line).i32(g.y.out).op("i32.rem_u").tee(y);
      f.get(end, line).op("i32.sub", "i32.add").set(stop).atMost(stop, g.y.out);
      f.smaller(() => f.get(stop), () => f.get(y).plus(rows)).set(stop);
      images.point(f, { image, first: y, end: stop, pointer: base });
      cotangents.point(f, { image, first: y, end: stop, pointer: right });
    },
  };
}
