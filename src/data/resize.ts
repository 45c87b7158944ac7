/**
 * Resizing the images of a data set.
 *
 * @module
 */
import { bilinearTaps } from "./bilinear.ts";
import { checkDataset } from "./check_dataset.ts";
import { checkInteger } from "./check_integer.ts";
import type { Dataset } from "./dataset.ts";
import type { Window } from "./prepared.ts";

/** The most bytes of images. */
const MOST_BYTES = 2 ** 32;

/** The rows or columns that each resampled one lies between, and the share of the second. */
function neighbors(length: number, wanted: number) {
  const taps = bilinearTaps(length, wanted), most = Math.max(...taps.map((of) => of.length));
  const places = new Int32Array(wanted * most), shares = new Float64Array(wanted * most);
  taps.forEach((of, to) =>
    of.forEach(([from, share], k) => {
      places[to * most + k] = from;
      shares[to * most + k] = share;
    })
  );
  return { most, places, shares };
}

/** Resamples images along one axis: [outer, length, inner] → [outer, wanted, inner]. */
function resample(
  images: ArrayLike<number>,
  { outer, length, inner }: {
    readonly outer: number;
    readonly length: number;
    readonly inner: number;
  },
  wanted: number,
  out: Float64Array | Uint8ClampedArray,
): void {
  const { most, places, shares } = neighbors(length, wanted);
  for (let o = 0, to = 0; o < outer; o++) {
    for (let w = 0; w < wanted; w++) {
      for (let i = 0; i < inner; i++, to++) {
        let sum = 0;
        for (let k = w * most, end = k + most; k < end; k++) {
          sum += shares[k]! * images[(o * length + places[k]!) * inner + i]!;
        }
        out[to] = sum;
      }
    }
  }
}

/**
 * A data set with its images resized by bilinear interpolation, such as CIFAR enlarged for a net of larger
 * images: between centers of pixels as in PyTorch's `interpolate` without `align_corners`, averaged when
 * downsampling, rounded to bytes. Throws a RangeError on sizes that are not integers of at least 1, and on
 * more than 4 GiB of images.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const small = data.procedural({ split: "train", count: 20, size: 16 });
 * const large = data.resize(small, { height: 67, width: 67 });
 * console.assert(large.images.length === 20 * 67 * 67 * 3 && large.labels === small.labels);
 * ```
 */
export function resize(dataset: Dataset, size: Window): Dataset {
  checkDataset("resize", dataset);
  const { height, width } = size, { count, channels, images: bytes } = dataset;
  for (const side of ["height", "width"] as const) {
    checkInteger("resize", side, size[side], 1, 65_535);
  }
  const elements = height * width * channels, before = dataset.height * dataset.width * channels;
  if (count * elements > MOST_BYTES) {
    throw new RangeError(
      `resize: expected at most ${
        Math.floor(MOST_BYTES / elements)
      } images of ${height} × ${width} × ` +
        `${channels}, which 4 GiB hold, found ${count}`,
    );
  }
  const images = new Uint8Array(count * elements);
  const clamped = new Uint8ClampedArray(images.buffer);
  const narrow = new Float64Array(dataset.height * width * channels);
  for (let i = 0; i < count; i++) {
    const image = bytes.subarray(i * before, (i + 1) * before);
    const rows = { outer: dataset.height, length: dataset.width, inner: channels };
    resample(image, rows, width, narrow);
    const columns = { outer: 1, length: dataset.height, inner: width * channels };
    resample(narrow, columns, height, clamped.subarray(i * elements, (i + 1) * elements));
  }
  return { ...dataset, images, height, width };
}
