/**
 * Images as textures for correlations on software adapters, whose texture reads are straight code.
 *
 * @module
 */
import {
  type Dispatch,
  type ImageSize,
  type KernelContext,
  perElement,
  wholeRow,
} from "../kernel.ts";
import type { Correlation } from "./correlation_text.ts";

/** The texture that a correlation's image fits as it is. */
export const imageOf = (context: KernelContext, c: Correlation): ImageSize | undefined =>
  context.plain[0] && context.wide[0]
    ? context.image([c.batch, c.height, c.width, c.channels])
    : undefined;

/** An image as it is laid out for a texture that it would not fit as it is. */
export interface Laid {
  readonly size: ImageSize;
  /** Texels of a pixel. */
  readonly quads: number;
  readonly dispatch: Omit<Dispatch, "writes">;
}

/** Channels filled up to fours, and rows to whole units, with zeros; undefined if even that is too large. */
export function laidOf(context: KernelContext, c: Correlation): Laid | undefined {
  const quads = Math.ceil(c.channels / 4), columns = wholeRow(c.width * quads);
  const size = context.image([c.batch, c.height, columns, 4]);
  if (!size) return undefined;
  const elements = [0, 1, 2, 3].map((e) =>
    `  if (x < ${c.width}u && channel + ${e}u < ${c.channels}u) { v[${e}] = load0(source + ${e}u); }`
  );
  return {
    size,
    quads,
    dispatch: {
      ...perElement(
        c.batch * c.height * columns,
        `  let line = i / ${columns}u;
  let texel = i - line * ${columns}u;
  let x = texel / ${quads}u;
  let channel = (texel - x * ${quads}u) * 4u;
  let source = (line * ${c.width}u + x) * ${c.channels}u + channel;
  var v = vec4<f32>();
${elements.join("\n")}
  storex4(i, v);`,
      ),
      loads: [{ argument: 0, width: 1 }],
    },
  };
}
