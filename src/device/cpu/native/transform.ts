/**
 * Linear transforms of blocks in two dimensions, as lists of steps from which native code is written.
 *
 * @module
 */

/** A step of a linear map of a few values: a sum x + by · y, or a multiple by · x. */
export interface LinearStep {
  readonly x: number;
  /** The second value; undefined for a multiple. */
  readonly y: number | undefined;
  readonly by: number;
}

/** A linear map: values are its inputs, followed by the results of its steps. */
export interface LinearMap {
  readonly from: number;
  readonly steps: readonly LinearStep[];
  /** The values that are its outputs. */
  readonly outputs: readonly number[];
}

/** A map of both axes of blocks. */
export interface NativeTransform {
  readonly vertical: LinearMap;
  readonly horizontal: LinearMap;
  /** Whether the last row and column of blocks may store fewer outputs. */
  readonly isCropped: boolean;
}
