/**
 * GoogLeNet, with its side losses, of the paper's experiments on ImageNet.
 *
 * @module
 */
import {
  companion,
  concat,
  conv,
  dense,
  dropout,
  flatten,
  globalAvgPool,
  type Layer,
  lrn,
  maxPool,
  sequential,
  stateless,
} from "../nn/mod.ts";
import { avgPool2d } from "../ops/mod.ts";
import { resolveActivation } from "./activation.ts";
import { BATCHNORM, type BatchnormOptions, hasBatchnorm, normalizedBy } from "./batchnorm.ts";
import type { Model, ModelRecord } from "./model.ts";
import { divideChannels, SHRINK, type ShrinkOptions } from "./shrink.ts";
import { hasSmallStem, STEM, type StemOptions } from "./stem.ts";

/** Options of {@linkcode googlenet}. */
export interface GooglenetOptions extends ShrinkOptions, BatchnormOptions, StemOptions {}

/** The channels of a module's branches: 1 × 1; 3 × 3 and 5 × 5, each after a 1 × 1; 1 × 1 after pooling. */
type Widths = readonly [
  one: number,
  three: readonly [number, number],
  five: readonly [number, number],
  pooled: number,
];

/** The modules between poolings. */
const MODULES: readonly (readonly Widths[])[] = [
  [[64, [96, 128], [16, 32], 32], [128, [128, 192], [32, 96], 64]],
  [
    [192, [96, 208], [16, 48], 64],
    [160, [112, 224], [24, 64], 64],
    [128, [128, 256], [24, 64], 64],
    [112, [144, 288], [32, 64], 64],
    [256, [160, 320], [32, 128], 128],
  ],
  [[256, [160, 320], [32, 128], 128], [384, [192, 384], [48, 128], 128]],
];
/** The modules of the second group, from 0, that a side branch follows. */
const FOLLOWED = [0, 3];
/** The weight of a side loss. */
const WEIGHT = 0.3;
/** The dropout rate of side branches relative to the classifier's: 0.7 for 0.4; and at most. */
const SIDE_SHARE = 1.75, MOST = 0.9;

const pool = maxPool(3, { stride: 2, ceil: true });

/** Average pooling of 5 × 5 with stride 3 that keeps partial windows, also one that is larger than the image. */
const sidePool = stateless("avgPool", (x) => {
  const [, height, width] = x.shape as [number, number, number, number];
  return avgPool2d(x, Math.min(5, height, width), { stride: 3, ceil: true });
});

/** How layers of a net are made. */
interface Parts {
  readonly convolution: (channels: number, size: number, stride?: number) => Layer[];
  /** A hidden dense layer. */
  readonly hidden: (units: number) => Layer[];
  readonly classifier: () => Layer;
  readonly drop: (share?: number) => Layer[];
}

/** Convolutions side by side. */
const inception = ({ convolution }: Parts, [one, three, five, pooled]: Widths): Layer =>
  concat(
    sequential(...convolution(one, 1)),
    sequential(...convolution(three[0], 1), ...convolution(three[1], 3)),
    sequential(...convolution(five[0], 1), ...convolution(five[1], 5)),
    sequential(maxPool(3, { stride: 1, padding: 1 }), ...convolution(pooled, 1)),
  ) as Layer;

/** A side branch. */
const side = ({ convolution, hidden, classifier, drop }: Parts): Layer =>
  companion(
    sequential(
      sidePool,
      ...convolution(128, 1),
      flatten,
      ...hidden(1024),
      ...drop(SIDE_SHARE),
      classifier(),
    ) as Layer,
    { weight: WEIGHT },
  ) as Layer;

function partsOf(options: GooglenetOptions, has: boolean): Parts {
  const { activation = "relu", classes = 10, init, dropout: rate = GOOGLENET.dropout } = options;
  const { after, pieces } = resolveActivation("googlenet", activation);
  const divide = divideChannels("googlenet", options);
  const weights = { pieces: pieces(2), init };
  return {
    convolution: (channels, size, stride = 1) => {
      const shape = { stride, padding: (size - 1) / 2 }, own = { ...shape, ...weights };
      return has
        ? [conv(divide(channels), size, { ...own, bias: false }), ...normalizedBy(true), ...after]
        : [conv(divide(channels), size, { ...own, biasInit: 0.2 }), ...after];
    },
    hidden: (units) => [dense(divide(units), { ...weights, biasInit: 0.2 }), ...after],
    classifier: () => dense(classes, { init }),
    drop: (share = 1) => rate > 0 ? [dropout(Math.min(MOST, share * rate))] : [],
  };
}

/** The layers before the first module. */
function stem({ convolution }: Parts, isSmall: boolean, normalize: readonly Layer[]): Layer[] {
  const first = isSmall ? convolution(64, 3) : [...convolution(64, 7, 2), pool];
  return [
    ...first,
    ...normalize,
    ...convolution(64, 1),
    ...convolution(192, 3),
    ...normalize,
    pool,
  ];
}

/**
 * GoogLeNet for images of any size from 31 × 31 on, 224 × 224 × 3 in the original: Szegedy et al., "Going
 * deeper with convolutions" (2015), table 1, as in BVLC/caffe, models/bvlc_googlenet/train_val.prototxt.
 * Convolutions 64 of 7 × 7, stride 2 | 64 of 1 × 1, 192 of 3 × 3 | two, five and two inception modules, with
 * overlapping pooling between them and local response normalization before and after the second group;
 * global average pooling and the classifier, with dropout of 0.4. After the first and the fourth of the
 * five modules a side branch ({@linkcode companion}) whose loss has weight 0.3 in training: average
 * pooling, 128 of 1 × 1, a dense layer of 1024 with dropout of 0.7, a classifier. At another rate dropout
 * there changes in proportion, up to 0.9. Biases but the classifiers' start at 0.2. The original's
 * activation is `relu`. 13,378,280 parameters with 1000 classes except with maxout; 6,998,552 of them
 * outside the side branches, where the column of table 1 adds up to 6.8 millions.
 *
 * With `batchnorm: "yes"` a batch normalization follows each convolution, takes the place of its biases and
 * of local response normalization (Ioffe & Szegedy 2015, section 4.2.1). With `stem: "small"`, which is not
 * the original's, the first convolution is 3 × 3, with neither stride nor pooling, for images from 15 × 15 on.
 *
 * @throws RangeError on a value of an option that it does not have.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const images = placeholder({ shape: [1, 224, 224, 3], dtype: "f32" });
 * const params = models.googlenet({ classes: 1000 }).init(key(0), images);
 * console.assert(models.countParameters(params) === 13_378_280);
 * ```
 */
export function googlenet(options: GooglenetOptions = {}): Model {
  const has = hasBatchnorm("googlenet", options, GOOGLENET.options.batchnorm.default);
  const parts = partsOf(options, has), isSmall = hasSmallStem("googlenet", options);
  const normalize = has ? [] : [lrn({ size: 5, alpha: 1e-4, beta: 0.75, k: 1 })];
  const groups = MODULES.flatMap((modules, group) => [
    ...(group > 0 ? [pool] : []),
    ...modules.flatMap((widths, i) => [
      inception(parts, widths),
      ...(group === 1 && FOLLOWED.includes(i) ? [side(parts)] : []),
    ]),
  ]);
  return sequential(
    ...stem(parts, isSmall, normalize),
    ...groups,
    globalAvgPool,
    ...parts.drop(),
    parts.classifier(),
  );
}

/** The record of GoogLeNet. */
export const GOOGLENET = {
  create: googlenet,
  about: "the inception net with two side losses",
  images: { height: 224, width: 224, channels: 3 },
  activation: "relu",
  dropout: 0.4,
  options: { shrink: SHRINK, batchnorm: { ...BATCHNORM, default: "no" }, stem: STEM },
} as const satisfies ModelRecord;
