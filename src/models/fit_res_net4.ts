/**
 * FitResNet-4: FitNet-4 with residual links, which the final text of the paper compares with.
 *
 * @module
 */
import {
  conv,
  dense,
  dropout,
  flatten,
  globalMaxPool,
  type Layer,
  maxPool,
  sequential,
} from "../nn/mod.ts";
import { resolveActivation } from "./activation.ts";
import { COLOR_32, type Model, type ModelRecord } from "./model.ts";
import { residualUnit } from "./residual_unit.ts";
import { divideChannels, SHRINK, type ShrinkOptions } from "./shrink.ts";

/**
 * FitResNet-4 for images of any size from 4 × 4 on, 32 × 32 × 3 in the paper: the 17 convolutions and the
 * dense layers of {@linkcode fitnet4}, and as many parameters, with residual links and without batch
 * normalization. The paper's final text (Mishkin & Matas, arXiv 1511.06422v7) names it, and He et al.
 * (arXiv 1603.05027, table 4) cite its 5.84 % errors on CIFAR-10; where its links are is reconstructed
 * here. Convolution 32, then pairs of convolutions, each with a link around it: 32 | 48 || 80 | 80 | 80 ||
 * 128 | 128 | 128, with pooling at ||; where a pair has more channels than its input, the link adds channels
 * of zeros (He et al. 2015, option A). The activation follows the sum, as in the first author's other
 * residual nets without batch normalization (ducha-aiki/caffenet-benchmark:
 * prototxt/architectures/resnet/resnet_elu_no_bn_56_lsuv.prototxt); a maxout layer's maximum stays before
 * it. 2,742,102 parameters with maxout and 10 classes, 1,276,806 otherwise. Dropout as in
 * {@linkcode fitnet4}.
 *
 * @throws RangeError on a divisor of channels that it does not have.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.fitResNet4(), images = placeholder({ shape: [1, 32, 32, 3], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 2_742_102);
 * ```
 */
export function fitResNet4(options: ShrinkOptions = {}): Model {
  const { activation = "maxout", classes = 10, init, dropout: rate = FIT_RES_NET4.dropout } =
    options;
  const { after, pieces } = resolveActivation("fitResNet4", activation);
  const divide = divideChannels("fitResNet4", options);
  const drop: Layer[] = rate > 0 ? [dropout(rate)] : [];
  const convolution = (channels: number) =>
    conv(divide(channels), 3, { padding: 1, pieces: pieces(2), init });
  const pairs = (...widths: number[]): Layer[] =>
    widths.flatMap((channels) => [
      residualUnit(sequential(convolution(channels), ...after, convolution(channels))),
      ...after,
    ]);
  return sequential(
    ...drop,
    convolution(32),
    ...after,
    ...pairs(32, 48),
    maxPool(2),
    ...drop,
    ...pairs(80, 80, 80),
    maxPool(2),
    ...drop,
    ...pairs(128, 128, 128),
    globalMaxPool,
    ...drop,
    flatten,
    dense(divide(500), { pieces: pieces(5), init }),
    ...after,
    ...drop,
    dense(classes, { init }),
  );
}

/** The record of FitResNet-4. */
export const FIT_RES_NET4 = {
  create: fitResNet4,
  about: "fitnet4 with residual links",
  images: COLOR_32,
  dropout: 0.2,
  options: { shrink: SHRINK },
} as const satisfies ModelRecord;
