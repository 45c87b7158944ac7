/**
 * Blocks of channels of a depthwise convolution: four of the side that has fewer, and on the other side the
 * vectors of four that belong to them.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";

/** The most output channels of an input channel. */
const MAX_MULTIPLIER = 8;

/** Whether every input channel has weights of its own, for a few output channels. */
export const isDepthwise = ({ groupIn, groupOut }: ConvGeometry): boolean =>
  groupIn === 1 && groupOut <= MAX_MULTIPLIER;

/** The list f(0), …, f(n - 1). */
export const list = <T>(n: number, f: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => f(i));

/** The component of a block's four input channels for component `e` of its vector `v` of output channels. */
export const inputLane = (multiplier: number, v: number, e: number): number =>
  Math.floor((4 * v + e) / multiplier);

/** The text of the input channels for the vector `v` of output channels. */
export function spread(value: string, multiplier: number, v: number): string {
  if (multiplier === 1) return value;
  return `${value}.${list(4, (e) => "xyzw"[inputLane(multiplier, v, e)]).join("")}`;
}

/** The text of the sums over each input channel's output channels. */
export function gatherLanes(values: readonly string[], multiplier: number): string {
  if (multiplier === 1) return values[0]!;
  const lanes = list(4, (c) =>
    list(multiplier, (j) => {
      const o = c * multiplier + j;
      return `${values[o >> 2]}.${"xyzw"[o & 3]}`;
    }).join(" + "));
  return `vec4<f32>(${lanes.join(", ")})`;
}
