/**
 * The rows of a JPEG's picture: its components upsampled to one size, then converted to red, green and blue.
 *
 * @module
 */
import type { Plane } from "./planes.ts";
import type { Frame, Tables } from "./segments.ts";

/** The samples of a component in a row of the picture; valid until the next call. */
type RowOf = (y: number) => Uint8Array | Uint8ClampedArray;

/**
 * Upsamples a component to the picture's size. Half the samples are interpolated linearly with weights 3 and
 * 1 for the nearer and the farther sample, rounded as libjpeg does; other ratios repeat samples.
 */
function upsampled(plane: Plane, { width, maxH, maxV }: Frame): RowOf {
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
      // Rounds up towards the left neighbor, and down towards the right one.
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

/** Coefficients of chroma in red, green and blue, in 65,536ths (ITU-R BT.601). */
const RED = 91881, BLUE = 116130, GREEN_BLUE = 22554, GREEN_RED = 46802, HALF = 1 << 15;

const clamped = (value: number): number => value < 0 ? 0 : value > 255 ? 255 : value;

/** Whether colors are stored as luma and chroma (then black), rather than directly. */
function hasChroma({ components }: Frame, { jfif, adobe }: Tables): boolean {
  if (components.length === 4) return adobe === 2;
  if (jfif || adobe === undefined) {
    return jfif || String.fromCharCode(...components.map(({ id }) => id)) !== "RGB";
  }
  return adobe !== 0;
}

/** The pixels of a picture's rows, with 1 or 3 channels; a row is valid until the next call. */
export function colorRows(
  planes: readonly Plane[],
  frame: Frame,
  tables: Tables,
): (y: number) => Uint8Array | Uint8ClampedArray {
  const rows = planes.map((plane) => upsampled(plane, frame)), { width } = frame;
  if (rows.length === 1) return rows[0]!;
  const chroma = hasChroma(frame, tables), out = new Uint8Array(3 * width);
  return (y) => {
    const [first, second, third, black] = rows.map((row) => row(y)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array?,
    ];
    for (let x = 0, to = 0; x < width; x++) {
      let red = first[x]!, green = second[x]!, blue = third[x]!;
      if (chroma) {
        const luma = red, cb = green - 128, cr = blue - 128;
        red = clamped(luma + ((RED * cr + HALF) >> 16));
        green = clamped(luma + ((HALF - GREEN_BLUE * cb - GREEN_RED * cr) >> 16));
        blue = clamped(luma + ((BLUE * cb + HALF) >> 16));
      }
      // CMYK is stored inverted, as Adobe's programs do: 255 is no ink. Luma and chroma are those of the
      // inks that are not inverted.
      const light = black ? black[x]! / 255 : 1;
      if (black && chroma) [red, green, blue] = [255 - red, 255 - green, 255 - blue];
      out[to++] = Math.round(red * light);
      out[to++] = Math.round(green * light);
      out[to++] = Math.round(blue * light);
    }
    return out;
  };
}
