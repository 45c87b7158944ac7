/**
 * Max pooling by random fractions.
 *
 * @module
 */
import type { PerAxis } from "../ops/mod.ts";
import { perAxis } from "../ops/conv_options.ts";
import { type Key, key as keyOf, split } from "../random.ts";
import { showSpec, type Spec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";
import type { Tuple } from "../tuple.ts";
import { checkInput, checkLeast } from "./check.ts";
import { stateless } from "./define_layer.ts";
import { drawBoundaries, FRACTION_KINDS, type FractionKind } from "./fractional_boundaries.ts";
import { type Fractions, fractionsOf, maxOfWindows, pixelsOf } from "./fractional_windows.ts";
import type { Layer, NoParams } from "./layer.ts";

/** The size of the output: the input's divided by a ratio and rounded down, or pixels, for each axis. */
export type FractionalSize = { readonly ratio: PerAxis } | { readonly output: PerAxis };

/** Options of {@linkcode fractionalMaxPool}. */
export interface FractionalPoolOptions {
  /**
   * How boundaries are drawn: their steps in random order, or evenly spread from a random start;
   * `"pseudorandom"` if left out.
   */
  readonly kind?: FractionKind;
  /** Whether neighboring windows share the pixel at their boundary; true if left out. */
  readonly overlapping?: boolean;
  /**
   * The size of each window from its boundary on, instead of one up to the next boundary: as in Graham's
   * program (SparseConvNet) and in PyTorch's `fractional_max_pool2d`.
   */
  readonly size?: number;
  /** The seed of the windows where no key is given; 0 if left out. */
  readonly seed?: number;
}

/** The windows of images along both axes. Throws RangeError if there can be none. */
function windowsOf(
  x: Spec,
  to: FractionalSize,
  { overlapping = true, size }: FractionalPoolOptions,
): { readonly rows: Fractions; readonly columns: Fractions } {
  checkInput("fractionalMaxPool", x, 4, "f32 images [batch, height, width, channels]");
  const [, height, width] = x.shape as Tuple<number, 4>;
  const [down, across] = "ratio" in to
    ? perAxis(to.ratio).map((ratio, axis) => Math.floor([height, width][axis]! / ratio))
    : perAxis(to.output);
  const rows = fractionsOf(height, down!, overlapping, size);
  const columns = fractionsOf(width, across!, overlapping, size);
  if (rows && columns) return { rows, columns };
  throw new RangeError(
    `fractionalMaxPool: expected an output smaller than the image, of at least 1 pixel (2 with windows ` +
      `of one size), found ${down} × ${across} of ${showSpec(x)}`,
  );
}

/** The layers of this kind, by what they compute with a key. */
const drawing = new WeakMap<Layer, (x: Tensor, key: Key) => Tensor>();

/** What a layer computes whose windows are drawn from a key; undefined for other layers. */
export const withDrawnWindows = (
  layer: Layer,
): ((x: Tensor, key: Key) => Tensor) | undefined => drawing.get(layer);

/**
 * Max pooling by random fractions: Graham, "Fractional Max-Pooling" (2014), arXiv 1412.6071, section 2.
 * [batch, height, width, channels] → [batch, height', width', channels].
 *
 * Windows lie between boundaries a₀ < a₁ < … along each axis, whose steps are 1 and 2 pixels for ratios between
 * 1 and 2 (two neighboring integers for larger ones): [aᵢ, aᵢ₊₁] if they overlap, else [aᵢ, aᵢ₊₁ - 1]. They are
 * the same for all images and channels. Overlapping ones end at the last pixel, and so do disjoint ones, as
 * in TensorFlow (in the paper's formula the last pixel is in none).
 *
 * With a key, as in training, boundaries are drawn from it, otherwise from `seed`. A test with other windows
 * is {@linkcode drawnRegions}, and an average of several {@linkcode averagedRegions}. Of equal maxima the
 * first column's first row gets the gradient.
 *
 * @param to The ratio of input to output, such as `{ ratio: Math.SQRT2 }`, or the output's pixels.
 * @throws RangeError on images of other types, or if the output is not smaller than the image.
 *
 * @example
 * ```ts
 * import { key, nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const layer = nn.fractionalMaxPool({ ratio: 1.5 }, { overlapping: false });
 * const y = layer([], tensor([...Array(9).keys()], [1, 3, 3, 1]), key(0));
 * console.assert(y.shape.join() === "1,2,2,1" && (await run.read(y)).at(-1) === 8);
 * ```
 */
export function fractionalMaxPool(
  to: FractionalSize,
  options: FractionalPoolOptions = {},
): Layer<NoParams> {
  const { kind = "pseudorandom", size = 1, seed = 0 } = options;
  checkLeast("fractionalMaxPool", "size", size);
  if (!("ratio" in to || "output" in to)) {
    throw new TypeError(
      `fractionalMaxPool: expected a ratio or an output, found ${JSON.stringify(to)}`,
    );
  }
  if (!(FRACTION_KINDS as readonly string[]).includes(kind)) {
    throw new RangeError(
      `fractionalMaxPool: expected kind ${FRACTION_KINDS.join(" or ")}, found ${kind}`,
    );
  }
  const apply = (x: Tensor, key: Key): Tensor => {
    const { rows, columns } = windowsOf(x, to, options), [first, second] = split(key);
    const draw = (fractions: Fractions, key: Key) =>
      pixelsOf(fractions, drawBoundaries(kind, key, fractions.length, fractions.steps));
    return maxOfWindows(x, draw(rows, first), draw(columns, second));
  };
  const seeded = keyOf(seed);
  const made = stateless("fractionalMaxPool", (x, key) => apply(x, key ?? seeded));
  drawing.set(made as Layer, apply);
  return made;
}
