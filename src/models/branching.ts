/**
 * A small net in which outputs go several ways: what the paper says input normalization is hard for.
 *
 * @module
 */
import {
  concat,
  conv,
  dense,
  dropout,
  globalMaxPool,
  type Layer,
  maxPool,
  sequential,
} from "../nn/mod.ts";
import { activated } from "./activation.ts";
import { COLOR_32, type Model, type ModelOptions, type ModelRecord } from "./model.ts";

/**
 * Two modules after GoogLeNet's (Szegedy et al., "Going deeper with convolutions", 2015), each of
 * convolutions of 1 × 1, 3 × 3 and 5 × 5 side by side, for images of any size: conv 16 | 8, 16, 8 | 16,
 * 32, 16 | classes. Dropout before the classifier if a rate is given.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.branching({ activation: "relu" }), images = placeholder({ shape: [8, 32, 32, 3], dtype: "f32" });
 * console.assert(net(net.init(key(0), images), images).shape.join() === "8,10");
 * ```
 */
export function branching(options: ModelOptions = {}): Model {
  const { activation = "maxout", classes = 10, init, dropout: rate = 0 } = options;
  const { after, pieces } = activated("branching", activation);
  const block = (channels: number, size: number): Layer =>
    sequential(
      conv(channels, size, { padding: (size - 1) / 2, pieces: pieces(2), init }),
      ...after,
    );
  const sideBySide = (n: number) => concat(block(n, 1), block(2 * n, 3), block(n, 5));
  return sequential(
    block(16, 3),
    maxPool(2),
    sideBySide(8),
    maxPool(2),
    sideBySide(16),
    globalMaxPool,
    ...(rate > 0 ? [dropout(rate)] : []),
    dense(classes, { init }),
  ) as Model;
}

/** The branching net by its name. */
export const BRANCHING = {
  create: branching,
  about: "a net of convolutions side by side",
  images: COLOR_32,
  dropout: 0,
} as const satisfies ModelRecord;
