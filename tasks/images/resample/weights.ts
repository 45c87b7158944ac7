/**
 * The weights of bilinear resampling along one axis, as Pillow rounds them (libImaging/Resample.c,
 * `precompute_coeffs` and `normalize_coeffs_8bpc`).
 *
 * @module
 */

/** The fractional bits of weights: those that a sum of bytes leaves of 31. */
export const PRECISION = 22;

/** Places of a resampled axis, each with `count` weights, zeros at their end, from pixel `first[i]` on. */
export interface AxisWeights {
  readonly count: number;
  readonly first: Int32Array<ArrayBuffer>;
  /** [places, count]. */
  readonly weights: Int32Array<ArrayBuffer>;
  /** The first pixel that is needed, and the one after the last. */
  readonly low: number;
  readonly high: number;
}

/** What is resampled along an axis. */
export interface Axis {
  /** The pixels that there are. */
  readonly pixels: number;
  /** How many they become. */
  readonly wanted: number;
  /** Those of them that are computed. */
  readonly from: number;
  readonly length: number;
}

/**
 * The weights of an axis, between centers of pixels; when downsampling, the triangle is widened by the same
 * factor, so that every pixel counts (antialiasing).
 */
export function axisWeights({ pixels, wanted, from, length }: Axis): AxisWeights {
  const step = pixels / wanted, reach = Math.max(step, 1), count = Math.ceil(reach) * 2 + 1;
  const first = new Int32Array(length), weights = new Int32Array(length * count);
  const shares = new Float64Array(count);
  let least = pixels, most = 0;
  for (let i = 0; i < length; i++) {
    const center = (from + i + 0.5) * step;
    const low = Math.max(0, Math.trunc(center - reach + 0.5));
    const high = Math.min(pixels, Math.trunc(center + reach + 0.5));
    let sum = 0;
    for (let x = low; x < high; x++) {
      const share = Math.max(0, 1 - Math.abs((x - center + 0.5) / reach));
      sum += shares[x - low] = share;
    }
    for (let x = low; x < high; x++) {
      weights[i * count + x - low] = Math.trunc(0.5 + shares[x - low]! / sum * 2 ** PRECISION);
    }
    first[i] = low;
    least = Math.min(least, low);
    most = Math.max(most, high);
  }
  return { count, first, weights, low: least, high: most };
}
