/**
 * The large ALL-CNN, compared with in table 2 of the paper.
 *
 * @module
 */
import { conv, dropout, flatten, globalAvgPool, type Layer, sequential } from "../nn/mod.ts";
import { resolveActivation } from "./activation.ts";
import { centered } from "./centered.ts";
import type { Model, ModelRecord } from "./model.ts";
import { divideChannels, SHRINK, type ShrinkOptions } from "./shrink.ts";

const STAGES = ["3", "5"] as const;

/** Options of {@linkcode largeAllCnn}. */
export interface LargeAllCnnOptions extends ShrinkOptions {
  /** The stages, each of which halves the image: 5 if left out; with 3, a canvas of 30 × 30 is enough. */
  readonly stages?: "3" | "5" | undefined;
}

/** The side of an image of which stages leave 2 × 2: a stage makes n of 2n + 2. */
const canvasOf = (stages: number): number => 2 ** (stages + 2) - 2;

/**
 * The large ALL-CNN of Springenberg, Dosovitskiy, Brox & Riedmiller, "Striving for Simplicity: The All
 * Convolutional Net" (2015), section 3.2.3 and its appendix's table "Large All-CNN", in which CIFAR's images
 * lie on a canvas of 126 × 126, as in Graham's "Spatially-sparse convolutional neural networks" (2014):
 * smaller images are centered among zeros here, so that any size works. Five stages of 320, 640, 960, 1280
 * and 1600 channels have three convolutions of 2 × 2 without padding, the last of stride 2; then come 2 × 2
 * and 1 × 1 of 1920 channels, 1 × 1 of one per class, and global average pooling. Dropout of 0.1, 0.2, 0.3
 * and 0.4 after each of the first two convolutions in stages two to five, and of 0.5 after those of 1920
 * channels; at another rate all are scaled in proportion. 77,455,690 parameters with 10 classes, unless with
 * maxout; none are published.
 *
 * The original's activation is a leaky ReLU whose slope is not given; here it is `vlrelu`, of Graham's, whose
 * training it follows. With three stages the net is a smaller one, for images of 32 × 32 as they are.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.largeAllCnn(), images = placeholder({ shape: [1, 32, 32, 3], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 77_455_690);
 * ```
 */
export function largeAllCnn(options: LargeAllCnnOptions = {}): Model {
  const { activation = "vlrelu", classes = 10, init, dropout: rate = LARGE_ALL_CNN.dropout } =
    options;
  const { stages = "5" } = options, count = Number(stages);
  if (!STAGES.includes(stages)) {
    throw new RangeError(`largeAllCnn: expected stages ${STAGES.join(", ")}, found ${stages}`);
  }
  const { after, pieces } = resolveActivation("largeAllCnn", activation);
  const divided = divideChannels("largeAllCnn", options);
  /** Dropout of so many tenths at the usual rate. */
  const drop = (tenths: number): Layer[] =>
    rate > 0 && tenths > 0 ? [dropout(tenths / 5 * rate)] : [];
  const convolve = (channels: number, size: number, stride = 1): Layer[] => [
    conv(channels, size, { stride, pieces: pieces(2), init }),
    ...after,
  ];
  const stage = (index: number): Layer[] => {
    const channels = divided(320 * (index + 1));
    const one = [...convolve(channels, 2), ...drop(index)];
    return [...one, ...convolve(channels, 2), ...drop(index), ...convolve(channels, 2, 2)];
  };
  const widest = divided(320 * (count + 1));
  return sequential(
    centered(canvasOf(count)),
    ...Array.from({ length: count }, (_, i) => stage(i)).flat(),
    ...convolve(widest, 2),
    ...drop(5),
    ...convolve(widest, 1),
    ...drop(5),
    conv(classes, 1, { init }),
    globalAvgPool,
    flatten,
  );
}

/** The record of the large ALL-CNN. */
export const LARGE_ALL_CNN = {
  create: largeAllCnn,
  about: "the large all convolutional net",
  images: { height: 126, width: 126, channels: 3 },
  dropout: 0.5,
  activation: "vlrelu",
  options: {
    stages: {
      choices: STAGES,
      default: "5",
      why: "as published",
      help: "Stages of largeAllCnn, each of which halves the image.",
    },
    shrink: SHRINK,
  },
} as const satisfies ModelRecord;
