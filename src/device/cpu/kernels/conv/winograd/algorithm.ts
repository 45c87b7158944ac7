/**
 * Winograd's algorithms F(m, r) for m outputs of a correlation with r taps: their one-dimensional transforms,
 * applied along both axes of a block. With Y the outputs of a block, d its inputs and g the weights,
 * Y = Aᵀ((G g Gᵀ) ⊙ (Bᵀ d B))A (Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", arXiv
 * 1509.09308). The gradient of g is Gᵀ(Σ (Bᵀ d B) ⊙ (A dY Aᵀ))G.
 *
 * @module
 */
import type { Func } from "../../../wasm/function.ts";
import type { Features } from "../../../features.ts";
import { type Transform, type Value, VectorArithmetic } from "./arithmetic.ts";
import { inputTransform } from "./input_transforms.ts";
import { evaluation, interpolation } from "./vandermonde.ts";

/** The transforms of one algorithm along one axis. */
export interface AxisAlgorithm {
  /** Outputs of a block. */
  readonly tile: number;
  /** Taps of the kernel. */
  readonly taps: number;
  /** Inputs of a block, and products. */
  readonly size: number;
  /** Bᵀ */
  readonly input: Transform;
  /** Aᵀ */
  readonly output: Transform;
  /** A */
  readonly outputGradient: Transform;
  /** G */
  readonly weight: Transform;
  /** Gᵀ */
  readonly weightGradient: Transform;
}

/** The names of transforms. */
export type TransformName = "input" | "output" | "outputGradient" | "weight" | "weightGradient";

/** An algorithm along both axes. */
export interface Algorithm {
  readonly y: AxisAlgorithm;
  readonly x: AxisAlgorithm;
}

/** The transforms of F(m, r), which interpolate at the points 0, ±1, ±2 … and infinity. */
function axisAlgorithm(tile: number, taps: number): AxisAlgorithm {
  const size = tile + taps - 1, { input, points } = inputTransform(size);
  const isScaled = true;
  return {
    tile,
    taps,
    size,
    input,
    output: interpolation(points, tile),
    outputGradient: evaluation(points, tile),
    weight: evaluation(points, taps, isScaled),
    weightGradient: interpolation(points, taps, isScaled),
  };
}

const both = (axis: AxisAlgorithm): Algorithm => ({ y: axis, x: axis });

const TWO_OF_THREE = axisAlgorithm(2, 3), FOUR_OF_THREE = axisAlgorithm(4, 3);
const TWO_OF_FIVE = axisAlgorithm(2, 5);

/** The algorithms along one axis. */
export const AXIS_ALGORITHMS: readonly AxisAlgorithm[] = [
  TWO_OF_THREE,
  FOUR_OF_THREE,
  TWO_OF_FIVE,
];

/** F(2×2, 3×3): points 0, ±1. */
export const F2: Algorithm = both(TWO_OF_THREE);

/** F(4×4, 3×3): points 0, ±1, ±2. */
export const F4: Algorithm = both(FOUR_OF_THREE);

/** F(2×2, 5×5): the same points as {@linkcode F4}. */
export const F2x5: Algorithm = both(TWO_OF_FIVE);

/** The number of products of a block. */
export const countBlockProducts = ({ y, x }: Algorithm): number => y.size * x.size;

/** Applies transforms T and U to the axes of a block x: T x Uᵀ. */
export function alongBoth(
  f: Func,
  features: Features,
  [vertical, horizontal]: readonly [Transform, Transform],
  load: (row: number, column: number) => Value,
  store: (row: number, column: number, value: Value) => void,
) {
  const on = new VectorArithmetic(f, features);
  const columns = Array.from(
    { length: horizontal.from },
    (_, column) =>
      vertical.apply(on, Array.from({ length: vertical.from }, (_, row) => load(row, column))),
  );
  for (let row = 0; row < vertical.to; row++) {
    horizontal.apply(on, columns.map((column) => column[row]!))
      .forEach((value, column) => store(row, column, value));
  }
}
