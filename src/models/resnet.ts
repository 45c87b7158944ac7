/**
 * The residual nets for CIFAR, with batch normalization, which the paper's final text compares with.
 *
 * @module
 */
import { conv, dense, dropout, globalAvgPool, type Layer, sequential } from "../nn/mod.ts";
import { resolveActivation } from "./activation.ts";
import { BATCHNORM, type BatchnormOptions, hasBatchnorm, normalizedBy } from "./batchnorm.ts";
import { COLOR_32, type Model, type ModelRecord } from "./model.ts";
import { residualUnit } from "./residual_unit.ts";
import { divideChannels, SHRINK, type ShrinkOptions } from "./shrink.ts";

/** Options of {@linkcode resnet20} and {@linkcode resnet56}. */
export interface ResnetOptions extends ShrinkOptions, BatchnormOptions {}

/** A residual net with three stages of some units of two convolutions each. */
function resnet(caller: string, units: number, options: ResnetOptions): Model {
  const { activation = "relu", classes = 10, init, dropout: rate = RESNET20.dropout } = options;
  const { after, pieces } = resolveActivation(caller, activation);
  const divide = divideChannels(caller, options);
  const has = hasBatchnorm(caller, options, RESNET20.options.batchnorm.default);
  const convolution = (channels: number, stride = 1): Layer[] => [
    conv(divide(channels), 3, { padding: 1, stride, pieces: pieces(2), bias: !has, init }) as Layer,
    ...normalizedBy(has),
  ];
  const unit = (channels: number, stride: number): Layer[] => [
    residualUnit(
      sequential(...convolution(channels, stride), ...after, ...convolution(channels)),
      stride,
    ) as Layer,
    ...after,
  ];
  return sequential(
    ...convolution(16),
    ...after,
    ...[16, 32, 64].flatMap((channels, stage) =>
      Array.from({ length: units }, (_, i) => unit(channels, stage > 0 && i === 0 ? 2 : 1)).flat()
    ),
    globalAvgPool,
    ...(rate > 0 ? [dropout(rate)] : []),
    dense(classes, { init }),
  );
}

/**
 * ResNet-20 for images of any size, 32 × 32 × 3 in the paper: He, Zhang, Ren & Sun, "Deep Residual Learning
 * for Image Recognition" (2015), section 4.2. A convolution with 16 channels, then three residual units of
 * two convolutions with 16 channels, three with 32, the first with stride 2, and three with 64; global
 * average pooling and the classifier. Batch normalization after each convolution, which then has no biases;
 * `batchnorm: "no"` leaves it out and gives them biases. Shortcuts have no parameters (option A). The
 * original's activation is `relu`, after the sums. Dropout before the classifier if a rate is given.
 * 269,722 trained parameters with 10 classes except with maxout; 0.27 millions in the paper's table 6.
 *
 * @throws RangeError on a value of an option that it does not have.
 *
 * @example
 * ```ts
 * import { key, models, normal, nn } from "@goodinit/goodinit";
 *
 * const net = models.resnet20(), images = normal(key(1), [4, 32, 32, 3]);
 * const params = nn.calibrate(net, net.init(key(0), images), images);
 * console.assert(net(params, images).shape.join() === "4,10");
 * ```
 */
export const resnet20 = (options: ResnetOptions = {}): Model => resnet("resnet20", 3, options);

/**
 * ResNet-56: {@linkcode resnet20} with nine units in each stage. 853,018 trained parameters with 10 classes
 * except with maxout; 0.85 millions in table 6 of He et al. (2015).
 *
 * @throws RangeError on a value of an option that it does not have.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.resnet56(), images = placeholder({ shape: [4, 32, 32, 3], dtype: "f32" });
 * console.assert(net(net.init(key(0), images), images).shape.join() === "4,10");
 * ```
 */
export const resnet56 = (options: ResnetOptions = {}): Model => resnet("resnet56", 9, options);

/** The record of ResNet-20. */
export const RESNET20 = {
  create: resnet20,
  about: "the residual net of 20 layers for CIFAR",
  images: COLOR_32,
  activation: "relu",
  dropout: 0,
  options: { shrink: SHRINK, batchnorm: { ...BATCHNORM, default: "yes" } },
} as const satisfies ModelRecord;

/** The record of ResNet-56. */
export const RESNET56 = {
  ...RESNET20,
  create: resnet56,
  about: "the residual net of 56 layers for CIFAR",
} as const satisfies ModelRecord;
