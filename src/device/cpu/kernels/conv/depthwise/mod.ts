/**
 * Convolutions of many small groups, among them depthwise ones, and their gradients: vectors over channels.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
export { convolveDepthwise } from "./convolve.ts";
export { weightGradientDepthwise } from "./weight_gradient.ts";

/**
 * Whether a convolution is one of small groups: of at most four channels in, which lanes can gather, and
 * four out, or whole vectors of them.
 */
export const isDepthwise = (g: ConvGeometry): boolean =>
  g.groups > 1 && g.groupIn <= 4 &&
  (g.groupOut <= 4 || g.groupOut % 4 === 0 && g.groupIn * g.groupOut <= 16) &&
  Math.max(g.y.spacing, g.x.spacing) <= 8;
