/**
 * ALL-CNN-C, a net of convolutions only, compared with in table 2 of the paper, and its family.
 *
 * @module
 */
import {
  conv,
  dropout,
  flatten,
  globalAvgPool,
  type Layer,
  maxPool,
  sequential,
} from "../nn/mod.ts";
import { resolveActivation } from "./activation.ts";
import { COLOR_32, type Model, type ModelRecord } from "./model.ts";
import { divideChannels, SHRINK, type ShrinkOptions } from "./shrink.ts";

/** The input's dropout rate relative to that of hidden layers: 20 % for 50 %. */
const INPUT_SHARE = 0.4;

/** The windows of a block's convolutions, by the base network. */
const WINDOWS = { A: [5], B: [5, 1], C: [3, 3] } as const;

const FAMILIES = ["A", "B", "C"] as const;

const DOWNSAMPLINGS = ["convolution", "maxPool", "stride", "convPool"] as const;

/** Options of {@linkcode allCnn}. */
export interface AllCnnOptions extends ShrinkOptions {
  /** The base network of the paper's table 1; C if left out. */
  readonly family?: "A" | "B" | "C" | undefined;
  /**
   * What halves the image after a block: a `convolution` of stride 2 more (ALL-CNN), as if left out;
   * overlapping `maxPool` (the base network itself); `stride` 2 in the block's last convolution (Strided-CNN);
   * or a convolution more and then max pooling, `convPool` (ConvPool-CNN), of ALL-CNN's size.
   */
  readonly downsampling?: "convolution" | "maxPool" | "stride" | "convPool" | undefined;
}

/** Throws a RangeError unless an option has one of its values. */
function checkChoice(name: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  throw new RangeError(`allCnn: expected ${name} ${choices.join(", ")}, found ${value}`);
}

/** A convolution in a block: its window and its stride. */
type Window = readonly [size: number, stride: number];

/** The convolutions of a block, with what halves the image. */
function blockWindows(
  family: keyof typeof WINDOWS,
  downsampling: (typeof DOWNSAMPLINGS)[number],
): readonly Window[] {
  const own = WINDOWS[family].map((size): Window => [size, 1]);
  switch (downsampling) {
    case "maxPool":
      return own;
    case "stride":
      return own.with(-1, [own.at(-1)![0], 2]);
    case "convPool":
      return [...own, [3, 1]];
    case "convolution":
      return [...own, [3, 2]];
  }
}

/**
 * ALL-CNN-C and its family for images of any size from 9 × 9 on, 32 × 32 × 3 in the paper: Springenberg,
 * Dosovitskiy, Brox & Riedmiller, "Striving for Simplicity: The All Convolutional Net" (2015), tables 1 and
 * 2. ALL-CNN-C has convolutions of 3 × 3 with 96, 96, 96 | 192, 192, 192 channels, the last of each block
 * with stride 2 in place of pooling; then one with 192 without padding; 1 × 1 convolutions with 192 channels
 * and with one per class; and global average pooling. Dropout of 0.5 after each block, and of 0.2 on the
 * input; at another rate the input's is scaled in proportion. The original's activation is `relu`, which is
 * also applied after the last convolution.
 *
 * Base network A has one convolution of 5 × 5 in each block, B one of 1 × 1 after it, C two of 3 × 3. With 10
 * classes and without maxout they have 839,242, 885,610 and 954,730 parameters with `maxPool` and `stride`,
 * and 1,254,250, 1,300,618 and 1,369,738 with `convPool` and `convolution`. The paper's table 3 rounds these
 * to 0.9, 1 and 1.3, and to 1.28, 1.35 and 1.4 million; its 1.3 million for C without another convolution fits
 * no reading of its tables. Strides are doubled in the convolution right before the pooling that they
 * replace, which in B is the one of 1 × 1.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const images = placeholder({ shape: [1, 32, 32, 3], dtype: "f32" });
 * const count = (net: models.Model) => models.countParameters(net.init(key(0), images));
 * console.assert(count(models.allCnn()) === 1_369_738);
 * console.assert(count(models.allCnn({ family: "A", downsampling: "maxPool" })) === 839_242);
 * ```
 */
export function allCnn(options: AllCnnOptions = {}): Model {
  const { activation = "relu", classes = 10, init, dropout: rate = ALL_CNN.dropout } = options;
  const { family = "C", downsampling = "convolution" } = options;
  checkChoice("family", family, FAMILIES);
  checkChoice("downsampling", downsampling, DOWNSAMPLINGS);
  const { after, pieces } = resolveActivation("allCnn", activation);
  const divided = divideChannels("allCnn", options);
  const drop = (rate: number): Layer[] => rate > 0 ? [dropout(rate)] : [];
  const convolution = (channels: number, size: number, padding: number, stride = 1): Layer[] => [
    conv(channels, size, { padding, stride, pieces: pieces(2), init }),
    ...after,
  ];
  const pooled = downsampling === "maxPool" || downsampling === "convPool";
  return sequential(
    ...drop(INPUT_SHARE * rate),
    ...[96, 192].flatMap((channels) => [
      ...blockWindows(family, downsampling).flatMap(([size, stride]) =>
        convolution(divided(channels), size, (size - 1) / 2, stride)
      ),
      ...(pooled ? [maxPool(3, { stride: 2, ceil: true })] : []),
      ...drop(rate),
    ]),
    ...convolution(divided(192), 3, 0),
    ...convolution(divided(192), 1, 0),
    ...convolution(classes, 1, 0),
    globalAvgPool,
    flatten,
  );
}

/** The family of ALL-CNN-C by its name. */
export const ALL_CNN = {
  create: allCnn,
  about: "the all convolutional net of Springenberg et al.",
  images: COLOR_32,
  activation: "relu",
  dropout: 0.5,
  options: {
    family: {
      choices: FAMILIES,
      default: "C",
      why: "the best of them",
      help: "The base network of allCnn.",
    },
    downsampling: {
      choices: DOWNSAMPLINGS,
      default: "convolution",
      why: "which makes it all convolutional",
      help: "What halves the image after each block of allCnn.",
    },
    shrink: SHRINK,
  },
} as const satisfies ModelRecord;
