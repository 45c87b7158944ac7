/**
 * The deeply supervised net, compared with in table 2 of the paper.
 *
 * @module
 */
import { companion, dense, flatten, type Layer, sequential } from "../nn/mod.ts";
import { CIFAR_TRUNK, type Trunk, trunkLayers } from "./mlpconv.ts";
import { COLOR_32, type Model, type ModelRecord } from "./model.ts";
import { SHRINK, type ShrinkOptions } from "./shrink.ts";

const COMPANIONS = ["on", "off"] as const;

/** Options of deeply supervised nets. */
export interface DsnOptions extends ShrinkOptions {
  /** Whether there are companions; `on` if left out. */
  readonly companions?: "on" | "off" | undefined;
  /** The weight of a companion's loss; 1 if left out. */
  readonly companionWeight?: number;
}

/**
 * The deeply supervised net for images of any size from 6 × 6 on, 32 × 32 × 3 in the paper: Lee, Xie,
 * Gallagher, Zhang & Tu, "Deeply-Supervised Nets" (2015), as the authors trained it
 * (s9xie/DSN, examples/best_cifar10_9.65/cifar-10.prototxt). It is {@linkcode nin} without an activation after
 * the last convolution, and with a classifier on the output of each block's first convolution, before its
 * activation, whose loss is added in training.
 *
 * The companions' loss is that of the net, with the weight of `companionWeight`: softmax cross-entropy is the
 * paper's DSN-Softmax, the squared hinge loss, as the prototxt has it, its DSN-SVM. As in the prototxt, all
 * losses have one weight; the companions' weights need a lower learning rate than the others, there a
 * thousandth, as those of 196,608 inputs diverge at it.
 *
 * 3,547,496 parameters with 10 classes unless with maxout; all but the 966,986 of the trunk are the companions'
 * and unused in evaluation.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.dsn(), images = placeholder({ shape: [1, 32, 32, 3], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 3_547_496);
 * ```
 */
export const dsn = (options: DsnOptions = {}): Model => supervised("dsn", CIFAR_TRUNK, options);

/** A trunk with a companion on each of its blocks. */
export function supervised(caller: string, trunk: Trunk, options: DsnOptions): Model {
  const { classes = 10, init, companions = "on", companionWeight: weight = 1 } = options;
  if (!COMPANIONS.includes(companions)) {
    throw new RangeError(`${caller}: expected companions on or off, found ${companions}`);
  }
  const side = (): Layer =>
    companion(sequential(flatten, dense(classes, { init })), { weight }) as Layer;
  return sequential(...trunkLayers(trunk, {
    ...options,
    caller,
    rate: options.dropout ?? DSN.dropout,
    activateLast: false,
    tap: () => companions === "on" ? [side()] : [],
  }));
}

/** The option of all deeply supervised nets. */
export const COMPANION_OPTION = {
  choices: COMPANIONS,
  default: "on",
  why: "which makes it deeply supervised",
  help: "Whether inner layers have classifiers with losses of their own.",
} as const;

/** The record of the deeply supervised net. */
export const DSN = {
  create: dsn,
  about: "the deeply supervised net",
  images: COLOR_32,
  dropout: 0.5,
  activation: "relu",
  options: { companions: COMPANION_OPTION, shrink: SHRINK },
} as const satisfies ModelRecord;
