/**
 * Joins phases of neighboring pixels whose windows are the same, as where windows do not overlap: their
 * channels are columns of one product.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import type { WindowAxis } from "../../../../ops/window_axis.ts";
import type { WindowPhase } from "../../../../ops/window_phase.ts";
import type { ConvPhase } from "./phases.ts";
import type { WeightStrides } from "./weights.ts";

/** Phases of neighboring pixels. */
export interface JoinedPixels {
  /** The convolution that computes them, with the channels of its pixels side by side. */
  readonly g: ConvGeometry;
  /** The rows, and the first of the pixels. */
  readonly y: WindowPhase;
  readonly x: WindowPhase;
  /** How each pixel reads the weight. */
  readonly weights: readonly WeightStrides[];
}

/** Joins neighboring phases, one after another, while they have at most `columns` channels together. */
export function joinPixels(phases: readonly ConvPhase[], columns: number): JoinedPixels[] {
  const joined: JoinedPixels[] = [];
  for (const phase of phases) {
    const last = joined.at(-1), together = last && joinTwo(last, phase);
    if (together && together.g.outChannels <= columns) joined[joined.length - 1] = together;
    else joined.push({ ...phase, weights: [phase.weights] });
  }
  return joined;
}

/** Joined phases and the next one, if that is their right neighbor with the same windows. */
function joinTwo(joined: JoinedPixels, next: ConvPhase): JoinedPixels | undefined {
  const { g, y, x, weights } = joined, groupOut = g.groupOut + next.g.groupOut;
  const isNext = next.y.first === y.first && next.x.first === x.first + weights.length;
  if (g.groups > 1 || !isNext || !isSameAxis(x.axis, next.x.axis)) return undefined;
  const geometry = { ...g, groupOut, outChannels: groupOut };
  return { g: geometry, y, x, weights: [...weights, next.weights] };
}

const isSameAxis = (a: WindowAxis, b: WindowAxis): boolean =>
  a.kernel === b.kernel && a.out === b.out && a.padding === b.padding && a.dilation === b.dilation;
