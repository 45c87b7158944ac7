/**
 * Splits a convolution over spaced pixels, the image gradient of a strided one, into phases that read
 * adjacent pixels and multiply by no zeros; any other convolution is a single phase.
 *
 * @module
 */
import { type ConvGeometry, countTaps } from "../../../../ops/conv_geometry.ts";
import { extent, type WindowAxis } from "../../../../ops/window_axis.ts";
import { type WindowPhase, windowPhases } from "../../../../ops/window_phase.ts";
import type { WeightStrides } from "./weights.ts";

/** A part of a convolution's result: every `y.step`-th row and `x.step`-th pixel. */
export interface ConvPhase {
  /** The convolution that computes it, and how it reads the weight. */
  readonly g: ConvGeometry;
  readonly weights: WeightStrides;
  readonly y: WindowPhase;
  readonly x: WindowPhase;
}

/** The phases of a convolution. */
export interface ConvPhases {
  /** Those that have taps. */
  readonly phases: readonly ConvPhase[];
  /** Whether others have none, so that their pixels are zero. */
  readonly hasZeros: boolean;
  /** Rows, and pixels of a row, from one phase's to its next. */
  readonly stepY: number;
  readonly stepX: number;
  /** A convolution whose windows span those of all phases at once: what of the image must be at hand. */
  readonly union: ConvGeometry;
}

/** Splits a convolution into its phases. */
export function splitIntoPhases(g: ConvGeometry, weights: WeightStrides): ConvPhases {
  const [down, across] = [windowPhases(g.y), windowPhases(g.x)];
  const all = down.flatMap((y) =>
    across.map((x): ConvPhase => ({
      g: { ...g, y: y.axis, x: x.axis },
      weights: phaseStrides(weights, y, x),
      y,
      x,
    }))
  );
  const phases = all.filter((phase) => countTaps(phase.g) > 0);
  return {
    phases,
    hasZeros: phases.length < all.length,
    stepY: g.y.spacing,
    stepX: g.x.spacing,
    union: { ...g, y: unionAxis(down), x: unionAxis(across) },
  };
}

const phaseStrides = (w: WeightStrides, y: WindowPhase, x: WindowPhase): WeightStrides => ({
  ...w,
  start: w.start + y.tap * w.y + x.tap * w.x,
  y: w.y * y.tapStep,
  x: w.x * x.tapStep,
});

/** Windows that span those of the same index in every phase. */
function unionAxis(phases: readonly WindowPhase[]): WindowAxis {
  const axes = phases.map(({ axis }) => axis).filter(({ kernel }) => kernel > 0);
  const [{ size, stride, out }] = phases.map(({ axis }) => axis) as [WindowAxis];
  if (axes.length === 0) {
    return { size, kernel: 1, out, stride, dilation: 1, padding: 0, spacing: 1 };
  }
  const padding = Math.max(...axes.map((a) => a.padding));
  const end = Math.max(...axes.map((a) => extent(a) - a.padding));
  return { size, kernel: end + padding, out, stride, dilation: 1, padding, spacing: 1 };
}
