/**
 * Resizing the images of a data set.
 *
 * @module
 */
import { bilinearTaps } from "./bilinear.ts";
import { checkDataset, checkInMemory } from "./check_dataset.ts";
import { checkInteger } from "./check_integer.ts";
import type { Dataset } from "./dataset.ts";
import type { Window } from "./prepared.ts";

/** The most bytes of images. */
const MOST_BYTES = 2 ** 32;

/** Resampling along one axis: where each resampled place's pixels are, and their shares. */
interface Resampling {
  readonly length: number;
  readonly wanted: number;
  /** The pixels of a place; a place with fewer has the first one again, with no share. */
  readonly most: number;
  readonly places: Int32Array;
  readonly shares: Float64Array;
}

function planResampling(length: number, wanted: number): Resampling {
  const taps = bilinearTaps(length, wanted), most = Math.max(...taps.map((of) => of.length));
  const places = new Int32Array(wanted * most), shares = new Float64Array(wanted * most);
  taps.forEach((of, to) =>
    of.forEach(([from, share], k) => {
      places[to * most + k] = from;
      shares[to * most + k] = share;
    })
  );
  return { length, wanted, most, places, shares };
}

/** Resamples an image along one axis: [outer, length, inner] → [outer, wanted, inner]. */
function resample(
  image: Float64Array,
  { length, wanted, most, places, shares }: Resampling,
  { outer, inner }: { readonly outer: number; readonly inner: number },
  out: Float64Array,
): void {
  for (let o = 0, to = 0; o < outer; o++) {
    const start = o * length;
    for (let w = 0; w < wanted; w++) {
      for (let i = 0; i < inner; i++, to++) {
        let sum = 0;
        for (let k = w * most, end = k + most; k < end; k++) {
          sum += shares[k]! * image[(start + places[k]!) * inner + i]!;
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
  checkInMemory("resize", dataset);
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
  const across = planResampling(dataset.width, width);
  const down = planResampling(dataset.height, height);
  const image = new Float64Array(before), result = new Float64Array(elements);
  const narrow = new Float64Array(dataset.height * width * channels);
  for (let i = 0; i < count; i++) {
    image.set(bytes.subarray(i * before, (i + 1) * before));
    resample(image, across, { outer: dataset.height, inner: channels }, narrow);
    resample(narrow, down, { outer: 1, inner: width * channels }, result);
    clamped.set(result, i * elements);
  }
  return { ...dataset, images, height, width };
}
