/**
 * Images as textures for correlations on software adapters, whose texture reads are straight code.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { load, store } from "../accessors.ts";
import { perElement } from "../entry_points.ts";
import type { Dispatch, KernelContext } from "../kernel.ts";
import { type ImageSize, wholeRow } from "../texture.ts";

/** The texture that a correlation's image fits as it is. */
export const directImage = (context: KernelContext, g: ConvGeometry): ImageSize | undefined =>
  context.unfused[0] && context.vectorized[0]
    ? context.image([g.batch, g.y.size, g.x.size, g.channels])
    : undefined;

/** An image as it is laid out for a texture that it would not fit as it is. */
export interface Laid {
  readonly size: ImageSize;
  /** Texels of a pixel. */
  readonly quads: number;
  readonly dispatch: Omit<Dispatch, "writes">;
}

/** Channels filled up to fours, and rows to whole units, with zeros; undefined if even that is too large. */
export function layOutImage(context: KernelContext, g: ConvGeometry): Laid | undefined {
  const quads = Math.ceil(g.channels / 4), columns = wholeRow(g.x.size * quads);
  const size = context.image([g.batch, g.y.size, columns, 4]);
  if (!size) return undefined;
  const elements = [0, 1, 2, 3].map((e) =>
    `  if (x < ${g.x.size}u && channel + ${e}u < ${g.channels}u) { v[${e}] = ${
      load(0)
    }(source + ${e}u); }`
  );
  return {
    size,
    quads,
    dispatch: {
      ...perElement(
        g.batch * g.y.size * columns,
        `  let line = i / ${columns}u;
  let texel = i - line * ${columns}u;
  let x = texel / ${quads}u;
  let channel = (texel - x * ${quads}u) * 4u;
  let source = (line * ${g.x.size}u + x) * ${g.channels}u + channel;
  var v = vec4<f32>();
${elements.join("\n")}
  ${store(4)}(i, v);`,
      ),
      loads: [{ argument: 0, width: 1 }],
    },
  };
}
