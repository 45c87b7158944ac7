/**
 * A procedurally generated data set: images of ten shapes, for when no other data is available.
 *
 * @module
 */
import { checkInteger } from "../check_integer.ts";
import { foldKeyData, keyData, splitKeyData } from "../../threefry.ts";
import type { Dataset, Split } from "../dataset.ts";
import { paintPlainScene } from "./plain_scene.ts";
import { paintScene } from "./scene.ts";
import { type Shape, SHAPES } from "./shapes.ts";

/** Options of {@linkcode procedural}. */
export interface ProceduralOptions {
  /** The split; the two have no image in common. */
  readonly split: Split;
  /** The number of images; 10,000 for `train` and 2,000 for `test` if left out. */
  readonly count?: number | undefined;
  /** The random seed; 0 if left out. */
  readonly seed?: number;
  /** Rows and columns of an image, at least 16; 32 if left out. */
  readonly size?: number;
  /** 3 for red, green and blue, or 1 for gray; 3 if left out. */
  readonly channels?: 1 | 3;
  /**
   * Whether an image shows only its shape, upright and bright on a dark ground, so that a net learns it within
   * hundreds of steps; false if left out.
   */
  readonly plain?: boolean | undefined;
}

/** The shapes that {@linkcode procedural} draws, by label. */
export const PROCEDURAL_CLASSES: readonly string[] = Object.keys(SHAPES);

/** The most bytes of images: the limit of one array. */
const MOST_BYTES = 2 ** 32;

/** The name of its images in reports. */
const reportName = (channels: number, split: Split, plain: boolean): string =>
  `${plain ? "plain" : "procedural"} ${channels === 1 ? "grey " : ""}shapes ${split}`;

/**
 * Generates a data set: images that each show one of ten shapes, of random position, size, angle,
 * proportions, color and texture, on a random background, among smaller distractor shapes, in uneven light
 * and with noise. Colors have the same distribution in all classes, and the shapes fill about the same
 * area, so that classes differ in shape alone: a linear classifier of pixels stays near chance. With `plain`
 * an image shows its shape and nothing else.
 *
 * Image i depends only on the seed, the split and i, so that a smaller set is the start of a larger one;
 * its label is i modulo 10. The bytes are the same on every machine. 10,000 images of 32 × 32 × 3 take
 * about three seconds. Throws a RangeError on sizes out of range, and on more than 4 GiB of images.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const { train, test } = data.prepareCifar(
 *   data.procedural({ split: "train", count: 200 }),
 *   data.procedural({ split: "test", count: 50 }),
 * );
 * console.assert(train.dataset.images.length === 200 * 32 * 32 * 3);
 * console.assert(test.dataset.name === "procedural shapes test");
 * ```
 */
export function procedural(options: ProceduralOptions): Dataset {
  const { split, count = split === "train" ? 10_000 : 2_000, seed = 0 } = options;
  const { size = 32, channels = 3, plain = false } = options;
  checkInteger("procedural", "size", size, 16, 4096);
  if (channels !== 1 && channels !== 3) {
    throw new RangeError(`procedural: expected 1 or 3 channels, found ${channels}`);
  }
  const shapes: readonly Shape[] = Object.values(SHAPES), classes = shapes.length;
  const bytes = size * size * channels, canvas = { size, channels };
  checkInteger("procedural", "count", count, 1, Math.floor(MOST_BYTES / bytes));
  const images = new Uint8Array(count * bytes), labels = new Uint8Array(count);
  const key = splitKeyData(keyData(seed), split === "train" ? 0 : 1);
  for (let i = 0; i < count; i++) {
    labels[i] = i % classes;
    const out = images.subarray(i * bytes, (i + 1) * bytes);
    const shape = shapes[labels[i]!]!, own = foldKeyData(key, i);
    if (plain) paintPlainScene(canvas, shape, own, out);
    else paintScene(canvas, shape, shapes, own, out);
  }
  const name = reportName(channels, split, plain);
  const sizes = { count, height: size, width: size, channels, classes };
  return { name, images, labels, ...sizes, classNames: PROCEDURAL_CLASSES };
}
