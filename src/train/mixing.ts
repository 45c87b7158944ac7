/**
 * Mixing the images of a batch, drawn on the device from the step's key: mixup and CutMix.
 *
 * @module
 */
import {
  add,
  cast,
  constant,
  floor,
  gather,
  greaterEqual,
  iota,
  less,
  maximum,
  minimum,
  mul,
  reshape,
  sqrt,
  sub,
  where,
} from "../ops/mod.ts";
import { foldIn, type Key, split, uniform } from "../random.ts";
import { type Tensor, tensor } from "../tensor.ts";

/** A batch of which each image is mixed with another one. */
export interface Mixed {
  /** The mixed images, of the shape of those before. */
  readonly images: Tensor;
  /** The part of each image that is its own, f32[], from 0.5 to 1; the rest is its partner's. */
  readonly own: Tensor;
  /** Of something that each image has, such as labels, that of its partner; examples along the first axis. */
  readonly partner: (each: Tensor) => Tensor;
}

/** Mixes the images of a batch, [batch, height, width, channels]. */
export type Mixing = (images: Tensor, key: Key) => Mixed;

/** The intervals of the table of quantiles. */
const INTERVALS = 1024;

/** The points at which the density is summed. */
const POINTS = 16 * INTERVALS;

function checkAlpha(name: string, alpha: number): void {
  if (alpha > 0 && alpha <= 1000) return;
  throw new RangeError(`${name}: expected alpha above 0 and at most 1000, found ${alpha}`);
}

/**
 * The quantiles of max(λ, 1 - λ) for λ ~ Beta(α, α), at 0, 1/INTERVALS, … 1. The tail is
 * ∫ t^(α-1) (1 - t)^(α-1) dt from 0 to 1 - x, over s = t^p with p = min(α, 1), whose integrand is finite.
 */
function foldedBetaQuantiles(alpha: number): Float32Array<ArrayBuffer> {
  const power = Math.min(alpha, 1), root = (s: number) => s ** (1 / power);
  const width = 0.5 ** power / POINTS, sums = new Float64Array(POINTS + 1);
  for (let j = 0; j < POINTS; j++) {
    const t = root((j + 0.5) * width);
    // Times a constant, so that large powers of small numbers do not vanish.
    sums[j + 1] = sums[j]! + (2 * t) ** (alpha - power) * (2 * (1 - t)) ** (alpha - 1);
  }
  const quantiles = new Float32Array(INTERVALS + 1);
  for (let i = 0, j = POINTS; i <= INTERVALS; i++) {
    // The last one is not 1, toward which the quantiles of a large α rise within the last interval alone.
    const tail = sums[POINTS]! * Math.max(1 - i / INTERVALS, 0.125 / INTERVALS);
    while (j > 0 && sums[j - 1]! >= tail) j--;
    const below = Math.max(j - 1, 0), step = sums[below + 1]! - sums[below]!;
    const part = step > 0 ? (tail - sums[below]!) / step : 0;
    quantiles[i] = 1 - root(Math.max((below + part) * width, 0));
  }
  return quantiles;
}

/** Draws max(λ, 1 - λ) for λ ~ Beta(α, α), f32[]. */
function drawOwnPart(quantiles: Tensor, key: Key): Tensor {
  const place = mul(uniform(key, []), INTERVALS), from = floor(place);
  const at = cast(from, "i32"), low = gather(quantiles, at);
  return add(low, mul(sub(gather(quantiles, add(at, 1)), low), sub(place, from)));
}

/** Pairs the images of a batch from both ends; the middle one of an odd number is its own partner. */
function partners(images: Tensor): (each: Tensor) => Tensor {
  const [batch] = images.shape as [number], reversed = sub(batch - 1, iota(batch));
  return (each) => gather(each, reversed);
}

/** What tells the key of mixing from those that a net derives for its layers. */
const MIXING = 0x6d6978;

/**
 * Mixup: each image becomes λ times itself plus 1 - λ times another one of its batch, and its loss the same
 * mixture of the losses of both labels. λ is drawn from Beta(α, α) for each batch; of λ and 1 - λ the larger
 * is the image's own. Zhang et al., "mixup: Beyond Empirical Risk Minimization" (2018).
 *
 * @param alpha From 0.1 to 0.4 in the paper. Throws RangeError unless it is above 0 and at most 1000.
 *
 * @example
 * ```ts
 * import { key, open, tensor, train } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const images = tensor([0, 1], [2, 1, 1, 1]), { images: mixed, own } = train.mixup(1)(images, key(0));
 * const [[first], [part]] = await run.read([mixed, own]);
 * console.assert(part! >= 0.5 && part! <= 1 && Math.abs(first! - (1 - part!)) < 1e-6);
 * ```
 */
export function mixup(alpha: number): Mixing {
  checkAlpha("mixup", alpha);
  const quantiles = foldedBetaQuantiles(alpha);
  return (images, key) => {
    const own = drawOwnPart(tensor(quantiles), foldIn(key, MIXING)), partner = partners(images);
    return {
      images: add(mul(images, own), mul(partner(images), sub(1, own))),
      own,
      partner,
    };
  };
}

/** Where a window of a part of an axis begins and ends, around a drawn center, cut off at the edges; i32[]. */
function drawWindow(part: Tensor, size: number, key: Key): readonly [Tensor, Tensor] {
  const half = floor(mul(mul(part, size), 0.5)), center = floor(mul(uniform(key, []), size));
  const edge = (at: Tensor) => cast(minimum(maximum(at, 0), size), "i32");
  return [edge(sub(center, half)), edge(add(center, half))];
}

/** 1 for the pixels of an axis within a window, of the shape [.., size, ..] that is given. */
const within = ([from, to]: readonly [Tensor, Tensor], size: number, shape: number[]): Tensor => {
  const at = reshape(iota(size), shape);
  return mul(greaterEqual(at, from), less(at, to));
};

/**
 * CutMix: a rectangle of each image is replaced by the same one of another image of its batch, and the loss is
 * mixed by the areas. The rectangle's area is 1 - λ of the image, λ drawn from Beta(α, α) for each batch, of λ
 * and 1 - λ the larger; its center anywhere, what sticks out cut off. Yun et al., "CutMix: Regularization
 * Strategy to Train Strong Classifiers with Localizable Features" (2019).
 *
 * @param alpha 1 in the paper. Throws RangeError unless it is above 0 and at most 1000.
 *
 * @example
 * ```ts
 * import { key, open, ops, tensor, train } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const images = ops.broadcastTo(tensor([0, 1], [2, 1, 1, 1]), [2, 8, 8, 1]);
 * const { images: mixed, own } = train.cutmix(1)(images, key(0));
 * const [pixels, [part]] = await run.read([mixed, own]);
 * const foreign = [...pixels].filter((pixel, i) => i < 64 && pixel === 1).length;
 * console.assert(Math.abs(1 - foreign / 64 - part!) < 1e-6);
 * ```
 */
export function cutmix(alpha: number): Mixing {
  checkAlpha("cutmix", alpha);
  const quantiles = foldedBetaQuantiles(alpha);
  return (images, key) => {
    const [, height, width] = images.shape as [number, number, number];
    const [forPart, forRow, forColumn] = split(foldIn(key, MIXING), 3);
    const side = sqrt(sub(1, drawOwnPart(tensor(quantiles), forPart)));
    const rows = drawWindow(side, height, forRow), columns = drawWindow(side, width, forColumn);
    const area = cast(mul(sub(rows[1], rows[0]), sub(columns[1], columns[0])), "f32");
    const inside = mul(
      within(rows, height, [1, height, 1, 1]),
      within(columns, width, [1, 1, width, 1]),
    );
    const partner = partners(images);
    return {
      images: where(inside, partner(images), images),
      own: sub(constant(1), mul(area, 1 / (height * width))),
      partner,
    };
  };
}
