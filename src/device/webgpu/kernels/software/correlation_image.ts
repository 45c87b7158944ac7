/**
 * Images as textures for correlations on software adapters: used as they are, or padded to fit.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { load, store } from "../accessors.ts";
import { perElement } from "../entry_points.ts";
import type { Dispatch, KernelContext } from "../kernel.ts";
import { type ImageSize, wholeRow } from "../texture.ts";

/** An image [batch, height, width, groups · groupIn]. */
export interface Image {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly groups: number;
  readonly groupIn: number;
}

/** The image of a convolution. */
export const imageOf = ({ batch, y, x, groups, groupIn }: ConvGeometry): Image => ({
  batch,
  height: y.size,
  width: x.size,
  groups,
  groupIn,
});

/** The texture for an argument that needs no padding; undefined if it needs some. */
export const directImage = (
  context: KernelContext,
  { batch, height, width, groups, groupIn }: Image,
  argument = 0,
): ImageSize | undefined =>
  context.unfused[argument] && context.vectorized[argument] && groupIn % 4 === 0
    ? context.image([batch, height, width, groups * groupIn])
    : undefined;

/** An image that a dispatch pads to the layout of a texture. */
export interface PaddedImage {
  readonly size: ImageSize;
  readonly dispatch: Omit<Dispatch, "writes">;
}

/**
 * Pads the channels of each group to a multiple of four and rows to a multiple of the copy unit, with zeros; undefined if the
 * texture would be too large.
 */
export function padImage(
  context: KernelContext,
  { batch, height, width, groups, groupIn }: Image,
  argument = 0,
): PaddedImage | undefined {
  const own = Math.ceil(groupIn / 4), quads = own * groups;
  const columns = wholeRow(width * quads);
  const size = context.image([batch, height, columns, 4]);
  if (!size) return undefined;
  const elements = [0, 1, 2, 3].map((e) =>
    `  if (x < ${width}u && channel + ${e}u < ${groupIn}u) { v[${e}] = ${
      load(argument)
    }(source + ${e}u); }`
  );
  const group = groups === 1 ? "" : `  let part = (texel - x * ${quads}u) / ${own}u;\n`;
  const [before, first] = groups === 1 ? ["", ""] : [` - part * ${own}u`, ` + part * ${groupIn}u`];
  return {
    size,
    dispatch: {
      ...perElement(
        batch * height * columns,
        `  let line = i / ${columns}u;
  let texel = i - line * ${columns}u;
  let x = texel / ${quads}u;
${group}  let channel = (texel - x * ${quads}u${before}) * 4u;
  let source = (line * ${width}u + x) * ${groups * groupIn}u${first} + channel;
  var v = vec4<f32>();
${elements.join("\n")}
  ${store(4)}(i, v);`,
      ),
      loads: [{ argument, width: 1 }],
    },
  };
}
