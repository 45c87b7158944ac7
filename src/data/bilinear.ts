/**
 * Bilinear interpolation along one axis.
 *
 * @module
 */

/** Pixels of a row and their weights in one pixel of the resampled row. */
export type Taps = readonly (readonly [from: number, share: number])[];

/**
 * Bilinear interpolation from `length` pixels to `wanted`, between centers of pixels; when downsampling, its
 * triangle is widened by the same factor, so that every pixel counts.
 */
export function bilinearTaps(length: number, wanted: number): Taps[] {
  const step = length / wanted, reach = Math.max(step, 1);
  return Array.from({ length: wanted }, (_, to) => {
    const center = (to + 0.5) * step - 0.5;
    const first = Math.max(0, Math.ceil(center - reach));
    const last = Math.min(length - 1, Math.floor(center + reach));
    const taps: [number, number][] = [];
    for (let from = first; from <= last; from++) {
      const share = 1 - Math.abs(from - center) / reach;
      if (share > 0) taps.push([from, share]);
    }
    const sum = taps.reduce((total, [, share]) => total + share, 0);
    return taps.map(([from, share]) => [from, share / sum]);
  });
}
