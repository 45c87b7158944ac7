/**
 * Group normalization.
 *
 * @module
 */
import { custom, div, gather, iota, mul, reshape, sub, sum } from "../../ops/mod.ts";
import { sizeOf } from "../../shape.ts";
import { showSpec, type Spec } from "../../spec.ts";
import type { Tensor } from "../../tensor.ts";
import { checkLeast } from "../check.ts";
import { layer, withOptions } from "../define_layer.ts";
import type { Layer } from "../layer.ts";
import {
  affineIn,
  type AffineOf,
  checkEpsilon,
  initialAffine,
  type NormOptions,
} from "./affine.ts";
import { type Moments, standardize } from "./standardize.ts";

/** The channels of an input. Throws RangeError if it has none, or the groups do not divide them. */
function checkedChannels(groups: number, x: Spec): number {
  const channels = x.shape.at(-1)!;
  if (x.dtype === "f32" && x.shape.length >= 2 && channels % groups === 0) return channels;
  throw new RangeError(
    `groupNorm: expected f32 [batch, ..., channels] with channels that ${groups} groups divide, found ${
      showSpec(x)
    }`,
  );
}

/**
 * The totals of each group of `size` adjacent channels, for each of them: [batch, 1, channels]. They are stored by
 * channel, so that what follows runs along all channels of a position instead of a group's few.
 */
function groupTotals(x: Tensor, size: number): Tensor {
  // Each channel depends on the others of its group as they on it, so this is its own adjoint.
  return custom("groupTotals", (x) => {
    const totals = sum(reshape(x, [x.size / size, size]), 1);
    return reshape(gather(totals, div(iota(x.size), size)), x.shape);
  }, (cotangent) => [groupTotals(cotangent, size)])(x);
}

/** The moments of groups of `size` channels of [batch, positions, channels], for each channel. */
function groupMoments(x: Tensor, size: number): Moments {
  const share = 1 / (x.shape[1]! * size);
  const mean = (x: Tensor) => mul(groupTotals(sum(x, 1, { keep: true }), size), share);
  const center = (x: Tensor) => sub(x, mean(x));
  const variance = custom("groupVariance", (x) => {
    const centered = center(x);
    return mean(mul(centered, centered));
  }, (cotangent, [x]) => {
    // The mean depends on x too, but the deviations from it add up to zero.
    return [mul(center(x), mul(groupTotals(cotangent, size), 2 * share))];
  });
  return { mean: mean(x), variance: variance(x) };
}

/**
 * Each example's groups of adjacent channels less their mean, over their standard deviation, both over the
 * group's channels at all positions; then times `scale` plus `b`, [channels]: Wu & He, "Group Normalization"
 * (2018), as PyTorch's `GroupNorm`. [batch, ..., channels], and the shape is kept. The variance is the
 * population's. With as many groups as channels it is instance normalization.
 *
 * @throws RangeError on an input that is not f32 [batch, ..., channels], or whose channels the groups do not
 * divide.
 *
 * @example
 * ```ts
 * import { key, nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = tensor([1, 3, 2, 0], [1, 1, 1, 4]), layer = nn.groupNorm(2, { epsilon: 0 });
 * console.assert((await run.read(layer(layer.init(key(0), x), x))).join() === "-1,1,1,-1");
 * ```
 */
export function groupNorm<A extends boolean = true>(
  groups: number,
  options: NormOptions<A> = {},
): Layer<AffineOf<A>> {
  const { epsilon = 1e-5, affine = true } = options;
  checkLeast("groupNorm", "groups", groups);
  checkEpsilon("groupNorm", epsilon);
  const made = layer<AffineOf<boolean>>(
    "groupNorm",
    (_, x) => initialAffine(affine, [checkedChannels(groups, x)]),
    (params, x) => {
      const channels = checkedChannels(groups, x);
      const y = reshape(x, [x.shape[0]!, sizeOf(x.shape.slice(1, -1)), channels]);
      const moments = groupMoments(y, channels / groups);
      return reshape(standardize(y, moments, epsilon, affineIn(params)), x.shape);
    },
  );
  return withOptions(made as Layer, { groups, epsilon }) as unknown as Layer<AffineOf<A>>;
}
