/**
 * The rows of a JPEG's picture: its components brought to one size, then to red, green and blue.
 *
 * @module
 */
import type { Plane } from "./planes.ts";
import type { Frame, Tables } from "./segments.ts";

/** The samples of a component in a row of the picture; good until the next call. */
type RowOf = (y: number) => Uint8Array | Uint8ClampedArray;

/**
 * Brings a component to the picture's size. One of half the samples is interpolated linearly, the nearer
 * sample counting three times, rounded as libjpeg does; of others each sample is repeated.
 */
function enlarged(plane: Plane, { width, maxH, maxV }: Frame): RowOf {
  const { h, v, samples, stride, height, width: own } = plane;
  if (h === maxH && v === maxV) return (y) => samples.subarray(y * stride, y * stride + width);
  const out = new Uint8Array(width + 1), sums = new Uint16Array(own);
  const smooth = own > 2, doubleX = 2 * h === maxH, doubleY = 2 * v === maxV;
  const linearY = doubleY && (h === maxH || (doubleX && smooth));
  const linearX = doubleX && smooth && (v === maxV || linearY);
  const vertical = (y: number): number => {
    const near = linearY ? y >> 1 : Math.floor(y * v / maxV);
    const other = linearY ? Math.min(height - 1, Math.max(0, near + (y & 1 ? 1 : -1))) : near;
    for (let x = 0; x < own; x++) {
      const sample = samples[near * stride + x]!;
      sums[x] = linearY ? 3 * sample + samples[other * stride + x]! : sample;
    }
    return linearY ? 2 : 0;
  };
  return (y) => {
    const bits = vertical(y);
    if (linearX) {
      // Half a step is added before the one neighbor, and a little less before the other.
      const shift = bits + 2, one = bits ? 8 : 1, other = bits ? 7 : 2;
      for (let x = 0; x < own; x++) {
        const three = 3 * sums[x]!;
        out[2 * x] = (three + sums[Math.max(0, x - 1)]! + one) >> shift;
        out[2 * x + 1] = (three + sums[Math.min(own - 1, x + 1)]! + other) >> shift;
      }
    } else {
      const half = bits ? (y & 1 ? 2 : 1) : 0;
      for (let x = 0; x < width; x++) out[x] = (sums[Math.floor(x * h / maxH)]! + half) >> bits;
    }
    return out;
  };
}

/** Shares of the color differences in red, green and blue, in 65,536ths (ITU-R BT.601). */
const RED = 91881, BLUE = 116130, GREEN_BLUE = 22554, GREEN_RED = 46802, HALF = 1 << 15;

const clamped = (value: number): number => value < 0 ? 0 : value > 255 ? 255 : value;

/** How colors are stored: brightness and color differences (then black), or as they are. */
function hasDifferences({ components }: Frame, { jfif, adobe }: Tables): boolean {
  if (components.length === 4) return adobe === 2;
  if (jfif || adobe === undefined) {
    return jfif || String.fromCharCode(...components.map(({ id }) => id)) !== "RGB";
  }
  return adobe !== 0;
}

/** The pixels of a picture's rows, of 1 or 3 numbers each; a row is good until the next call. */
export function colorRows(
  planes: readonly Plane[],
  frame: Frame,
  tables: Tables,
): (y: number) => Uint8Array | Uint8ClampedArray {
  const rows = planes.map((plane) => enlarged(plane, frame)), { width } = frame;
  if (rows.length === 1) return rows[0]!;
  const differences = hasDifferences(frame, tables), out = new Uint8Array(3 * width);
  return (y) => {
    const [first, second, third, black] = rows.map((row) => row(y)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array?,
    ];
    for (let x = 0, to = 0; x < width; x++) {
      let red = first[x]!, green = second[x]!, blue = third[x]!;
      if (differences) {
        const bright = red, towardsBlue = green - 128, towardsRed = blue - 128;
        red = clamped(bright + ((RED * towardsRed + HALF) >> 16));
        green = clamped(
          bright + ((HALF - GREEN_BLUE * towardsBlue - GREEN_RED * towardsRed) >> 16),
        );
        blue = clamped(bright + ((BLUE * towardsBlue + HALF) >> 16));
      }
      // Inks are stored inverted, as Adobe's programs have it: 255 is none. Brightness and color
      // differences are those of the inks that are not.
      const light = black ? black[x]! / 255 : 1;
      if (black && differences) [red, green, blue] = [255 - red, 255 - green, 255 - blue];
      out[to++] = Math.round(red * light);
      out[to++] = Math.round(green * light);
      out[to++] = Math.round(blue * light);
    }
    return out;
  };
}
