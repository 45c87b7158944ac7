/**
 * Layers of convolutions of any kind: the weights, checks and unit that they share.
 *
 * @module
 */
import { reshape, transpose } from "../ops/mod.ts";
import { showSpec, type Spec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";
import { checkInput, checkLeast } from "./check.ts";
import type { Layer, Unit } from "./layer.ts";
import { weightLayer, type WeightOptions, type WeightsOf } from "./weights.ts";

/** A layer of convolutions: `conv` and those beside it. */
export interface ConvLayer {
  readonly kind: string;
  /** Its inputs in messages, such as `images [batch, height, width, channels]`. */
  readonly inputs: string;
  /** Output channels, per maxout piece. */
  readonly channels: number;
  /** Taps along each axis. */
  readonly size: readonly number[];
  readonly groups: number;
  /** Pixels of the result for each pixel of the input: 1 except in transposed convolutions. */
  readonly upsampling?: number;
  /** Inputs and weights [...size, in / groups, pieces · channels] to outputs. */
  readonly convolve: (x: Tensor, w: Tensor) => Tensor;
}

/** Weights [..., in / groups, out] as a transposed convolution takes them: [..., out / groups, in]. */
export function transposeWeights(w: Tensor, groups: number): Tensor {
  const [groupIn, out] = w.shape.slice(-2) as [number, number];
  const taps = w.shape.slice(0, -2), axes = [...taps.keys()], at = taps.length;
  if (groups === 1) return transpose(w, [...axes, at + 1, at]);
  const apart = reshape(w, [...taps, groupIn, groups, out / groups]);
  const swapped = transpose(apart, [...axes, at + 2, at + 1, at]);
  return reshape(swapped, [...taps, out / groups, groups * groupIn]);
}

/** Throws RangeError unless the sizes of a layer are ones that it can have. */
function checkSizes({ kind, channels, size, groups }: ConvLayer): void {
  checkLeast(kind, "channels", channels);
  for (const taps of size) checkLeast(kind, "size", taps);
  checkLeast(kind, "groups", groups);
}

/** [..., outer · inner · rest] with these two factors of the last axis swapped. */
function swapFactors(x: Tensor, outer: number, inner: number): Tensor {
  if (outer === 1 || inner === 1) return x;
  const leading = x.shape.slice(0, -1), axes = [...leading.keys()], at = leading.length;
  const apart = reshape(x, [...leading, outer, inner, -1]);
  return reshape(transpose(apart, [...axes, at + 1, at, at + 2]), x.shape);
}

/** Makes a layer of convolutions. */
export function convLayer<B extends boolean>(
  form: ConvLayer,
  options: WeightOptions<B>,
): Layer<WeightsOf<B>> & { readonly unit: Unit<WeightsOf<B>> } {
  const { kind, inputs, channels, size, groups, upsampling = 1, convolve } = form;
  const { pieces = 1 } = options;
  const rank = size.length + 2, last = rank - 1, taps = size.reduce((n, d) => n * d, 1);
  const name = inputs.slice(0, inputs.indexOf(" "));
  const check = (x: Spec) => checkInput(kind, x, rank, `f32 ${inputs}`);
  checkSizes(form);
  return weightLayer(kind, options, (x) => {
    check(x);
    const groupIn = x.shape[last]! / groups;
    if (!Number.isInteger(groupIn) || channels % groups !== 0) {
      throw new RangeError(
        `${kind}: expected channels that ${groups} groups divide, found ${channels} for ${
          showSpec(x)
        }`,
      );
    }
    return {
      shape: [...size, groupIn, channels],
      fanIn: taps * groupIn / upsampling,
      fanOut: taps * channels,
      groups,
    };
  }, (x, w) => {
    check(x);
    const expected = w.shape[w.rank - 2]! * groups;
    if (w.rank !== rank || x.shape[last] !== expected) {
      throw new RangeError(
        `${kind}: expected ${name} of ${expected} channels, as its weights ${
          showSpec(w)
        } are for, found ${showSpec(x)}`,
      );
    }
    // Weights and outputs are piece-major, convolutions group-major.
    return swapFactors(convolve(x, swapFactors(w, pieces, groups)), groups, pieces);
  });
}
