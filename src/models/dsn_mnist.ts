/**
 * The deeply supervised net on MNIST, compared with in table 2 of the paper.
 *
 * @module
 */
import { COMPANION_OPTION, type DsnOptions, supervised } from "./dsn.ts";
import { MNIST_TRUNK } from "./mlpconv.ts";
import { GRAY_28, type Model, type ModelRecord } from "./model.ts";
import { SHRINK } from "./shrink.ts";

/**
 * The deeply supervised net for images of any size from 6 × 6 on, 28 × 28 × 1 in the paper: {@linkcode ninMnist}
 * with companions as {@linkcode dsn} has them. The authors' files for MNIST are not public; the paper's table 2
 * gives its three stages 350K parameters, which are the 349,674 of network in network's trunk. The companions
 * add 1,066,270, which are unused in evaluation.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.dsnMnist(), images = placeholder({ shape: [1, 28, 28, 1], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 349_674 + 1_066_270);
 * ```
 */
export const dsnMnist = (options: DsnOptions = {}): Model =>
  supervised("dsnMnist", MNIST_TRUNK, options);

/** The record of the deeply supervised net on MNIST. */
export const DSN_MNIST = {
  create: dsnMnist,
  about: "the deeply supervised net on MNIST",
  images: GRAY_28,
  dropout: 0.5,
  activation: "relu",
  options: { companions: COMPANION_OPTION, shrink: SHRINK },
} as const satisfies ModelRecord;
