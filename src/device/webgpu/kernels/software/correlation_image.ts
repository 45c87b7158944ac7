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

/** The texture for an image that needs no padding; undefined if it needs some. */
export const directImage = (context: KernelContext, g: ConvGeometry): ImageSize | undefined =>
  context.unfused[0] && context.vectorized[0] && g.groupIn % 4 === 0
    ? context.image([g.batch, g.y.size, g.x.size, g.channels])
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
export function padImage(context: KernelContext, g: ConvGeometry): PaddedImage | undefined {
  const own = Math.ceil(g.groupIn / 4), quads = own * g.groups;
  const columns = wholeRow(g.x.size * quads);
  const size = context.image([g.batch, g.y.size, columns, 4]);
  if (!size) return undefined;
  const elements = [0, 1, 2, 3].map((e) =>
    `  if (x < ${g.x.size}u && channel + ${e}u < ${g.groupIn}u) { v[${e}] = ${
      load(0)
    }(source + ${e}u); }`
  );
  const group = g.groups === 1 ? "" : `  let part = (texel - x * ${quads}u) / ${own}u;\n`;
  const [before, first] = g.groups === 1
    ? ["", ""]
    : [` - part * ${own}u`, ` + part * ${g.groupIn}u`];
  return {
    size,
    dispatch: {
      ...perElement(
        g.batch * g.y.size * columns,
        `  let line = i / ${columns}u;
  let texel = i - line * ${columns}u;
  let x = texel / ${quads}u;
${group}  let channel = (texel - x * ${quads}u${before}) * 4u;
  let source = (line * ${g.x.size}u + x) * ${g.channels}u${first} + channel;
  var v = vec4<f32>();
${elements.join("\n")}
  ${store(4)}(i, v);`,
      ),
      loads: [{ argument: 0, width: 1 }],
    },
  };
}
