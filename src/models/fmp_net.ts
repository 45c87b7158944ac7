/**
 * The net with fractional max pooling, compared with in table 2 of the paper.
 *
 * @module
 */
import {
  averagedRegions,
  conv,
  dense,
  dropout,
  flatten,
  fractionalMaxPool,
  type Layer,
  sequential,
} from "../nn/mod.ts";
import { resolveActivation } from "./activation.ts";
import { centered } from "./centered.ts";
import { COLOR_32, type Model, type ModelOption, type ModelRecord } from "./model.ts";
import { divideChannels, SHRINK, type ShrinkOptions } from "./shrink.ts";

const POOLS = {
  from: 1,
  default: 12,
  why: "as published",
  help: "The fractional poolings, each after a convolution; fewer are for smaller images.",
} as const satisfies ModelOption;

const REGIONS = {
  from: 1,
  default: 1,
  why: "the faster of the published two",
  help: "How many evaluations, each with pooling regions of its own, are averaged.",
} as const satisfies ModelOption;

/** Options of {@linkcode fmpNet}. */
export interface FmpNetOptions extends ShrinkOptions {
  /** The fractional poolings, each after a convolution; 12 if left out. */
  readonly pools?: number | undefined;
  /** How many evaluations, each with pooling regions of its own, are averaged; 1 if left out. */
  readonly regions?: number | undefined;
}

/** The channels by which a layer has more than the one before it. */
const GROWTH = 160;
/** The ratio of a pooling's sizes. */
const RATIO = Math.cbrt(2);

/** Throws a RangeError unless an option is an integer of at least 1. */
function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new RangeError(`fmpNet: expected ${name} of at least 1, found ${value}`);
}

/** Outputs of the poolings, from the last on 2 × 2 back to the field of the input. */
function poolSizes(pools: number): { readonly field: number; readonly outputs: readonly number[] } {
  const outputs: number[] = [];
  let size = 2;
  for (let i = 0; i < pools; i++) {
    outputs.unshift(size);
    // As in Graham's program; a convolution of 2 × 2 then takes one pixel.
    size = Math.max(Math.trunc(size * RATIO + 0.5), size + 1) + 1;
  }
  return { field: size, outputs };
}

/**
 * The net of Graham, "Fractional Max-Pooling" (2014), for images of up to 94 × 94, 32 × 32 × 3 in the paper:
 * (160n C2 - FMP ∛2)₁₂ - C2 - C1 - output, as in the author's program (btgraham/SparseConvNet-archived:
 * cifar10big.cpp, NetworkArchitectures.cpp). Images lie in the middle of a field of zeros of 94 × 94 (35 × 35
 * with 8 `pools`). Convolutions of 2 × 2 without padding, the n-th with 160 n channels, each before a pooling
 * by random fractions that divides sizes by ∛2: overlapping pseudorandom regions of 2 × 2, to 2 × 2 in the
 * end; then a convolution of 2 × 2 and one of 1 × 1, and the classifier. Dropout after each convolution but the
 * first, or its pooling, growing evenly up to 0.5 after the last; in the program whole channels of a batch are
 * dropped. The original's activation is `vlrelu`.
 * 79,247,530 parameters with 10 classes except with maxout; the paper gives none.
 *
 * Regions are drawn anew for each training step. In evaluation they are drawn once; with `regions: 12` it
 * averages the probabilities of twelve, as the paper's second result does ({@linkcode averagedRegions}).
 *
 * @throws RangeError on a value of an option that it does not have, and on larger images.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.fmpNet({ pools: 8, shrink: "4" });
 * const images = placeholder({ shape: [4, 32, 32, 3], dtype: "f32" });
 * console.assert(net(net.init(key(0), images), images).shape.join() === "4,10");
 * ```
 */
export function fmpNet(options: FmpNetOptions = {}): Model {
  const { activation = "vlrelu", classes = 10, init, dropout: rate = FMP_NET.dropout } = options;
  const { after, pieces } = resolveActivation("fmpNet", activation);
  const divide = divideChannels("fmpNet", options);
  const { pools = POOLS.default, regions: tests = REGIONS.default } = options;
  checkCount("pools", pools);
  checkCount("regions", tests);
  const { field, outputs } = poolSizes(pools);
  /** The n-th convolution, from 1, and what follows it. */
  const convolution = (n: number, size: number, ...pool: readonly Layer[]): Layer[] => [
    conv(divide(n * GROWTH), size, { pieces: pieces(2), init }) as Layer,
    ...after,
    ...pool,
    ...(rate > 0 && n > 1 ? [dropout(rate * (n - 1) / (pools + 1))] : []),
  ];
  const net: Model = sequential(
    centered(field, "fmpNet"),
    ...outputs.flatMap((output, i) =>
      convolution(i + 1, 2, fractionalMaxPool({ output }, { size: 2 }) as Layer)
    ),
    ...convolution(pools + 1, 2),
    ...convolution(pools + 2, 1),
    flatten,
    dense(classes, { init }),
  );
  return tests === 1 ? net : Object.assign(averagedRegions(net, { tests }), { layers: net.layers });
}

/** The record of the net with fractional max pooling. */
export const FMP_NET = {
  create: fmpNet,
  about: "the net with fractional max pooling",
  images: COLOR_32,
  activation: "vlrelu",
  dropout: 0.5,
  options: { shrink: SHRINK, pools: POOLS, regions: REGIONS },
} as const satisfies ModelRecord;
