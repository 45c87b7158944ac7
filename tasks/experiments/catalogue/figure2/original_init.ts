/**
 * CaffeNet's original initialization, at any size.
 *
 * BVLC/caffe, models/bvlc_reference_caffenet/train_val.prototxt: Gaussian weights of standard deviation 0.01,
 * 0.005 in the hidden dense layers. The net itself has the biases, 0 or 1. What a layer does to a signal is its
 * standard deviation times the root of its fan-in; a smaller net keeps that, by larger standard deviations.
 *
 * @module
 */

/** The side of the original's inputs. */
export const ORIGINAL_SIZE = 227;

const STDS = [0.01, 0.01, 0.01, 0.01, 0.01, 0.005, 0.005, 0.01];

/** The least side after which there is an image left to the last pooling. */
export const LEAST_SIZE = 39;

const pooled = (side: number): number => Math.ceil((side - 3) / 2) + 1;

/** The side of what the first dense layer sees. */
const lastSide = (side: number): number => pooled(pooled(pooled(Math.floor((side - 11) / 4) + 1)));

/** Fan-in by layer, of channels divided by a number, for inputs of a side. */
function fanIns(shrink: number, side: number): readonly number[] {
  const channels = (count: number) => Math.max(1, Math.round(count / shrink));
  return [
    11 * 11 * 3,
    25 * channels(96) / 2,
    9 * channels(256),
    9 * channels(384) / 2,
    9 * channels(384) / 2,
    lastSide(side) ** 2 * channels(256),
    channels(4096),
    channels(4096),
  ];
}

/** Standard deviations by layer with which each does to a signal what the original's does. */
export function originalStds(shrink: number, side: number): readonly number[] {
  const original = fanIns(1, ORIGINAL_SIZE), here = fanIns(shrink, side);
  return STDS.map((std, i) => Number((std * Math.sqrt(original[i]! / here[i]!)).toPrecision(4)));
}
