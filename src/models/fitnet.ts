/**
 * FitNets: the thin, deep networks of Romero et al., "FitNets: Hints for Thin Deep Nets" (2015), as
 * trained in the paper "All You Need Is a Good Init" (table 1 and the authors' prototxt files).
 *
 * @module
 */
import type { Initializer } from "../nn/initializers/initializer.ts";
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
import type { Params, Tensor } from "../tensor.ts";
import { leaves } from "../tree.ts";
import { activated, type Activation } from "./activation.ts";

/** Options of every FitNet. */
export interface ModelOptions {
  /** `maxout` if left out: two pieces a convolution, five in the hidden dense layer. */
  readonly activation?: Activation;
  /** Scores of the last layer; 10 if left out. */
  readonly classes?: number;
  /** The rate of every dropout layer, 0 for none; each net has its own default. */
  readonly dropout?: number | undefined;
  /** How weights are made; orthonormal if left out. */
  readonly init?: Initializer;
}

/** Options of {@linkcode fitnet4}. */
export interface Fitnet4Options extends ModelOptions {
  /**
   * Convolutions a block: `5-6-6`, as trained (17 layers), if left out; or `5-5-5`, as the paper's
   * table 1 prints.
   */
  readonly blocks?: "5-6-6" | "5-5-5" | undefined;
}

/** A FitNet: a list of layers from images to scores. */
export type Model = Layer<readonly Params[]> & { readonly layers: readonly Layer[] };

interface Plan {
  /** For each block the channels of its 3 × 3 convolutions, and the pooling after it. */
  readonly blocks: readonly (readonly [channels: readonly number[], pool: Layer])[];
  /** Units of a dense layer before the classifier. */
  readonly hidden?: number;
  /** Where dropout layers stand. */
  readonly drop: readonly ("input" | "pool" | "hidden" | "classifier")[];
}

function fitnet(plan: Plan, rate: number, options: ModelOptions): Model {
  const { activation = "maxout", classes = 10, init } = options;
  const { after, pieces } = activated("fitnet", activation);
  const drop = (at: Plan["drop"][number]): Layer[] =>
    rate > 0 && plan.drop.includes(at) ? [dropout(rate)] : [];
  return sequential(
    ...drop("input"),
    ...plan.blocks.flatMap(([channels, pool]) => [
      ...channels.flatMap((n) => [conv(n, 3, { padding: 1, pieces: pieces(2), init }), ...after]),
      pool,
      ...drop("pool"),
    ]),
    flatten,
    ...(plan.hidden
      ? [dense(plan.hidden, { pieces: pieces(5), init }), ...after, ...drop("hidden")]
      : []),
    ...drop("classifier"),
    dense(classes, { init }),
  );
}

const repeat = (channels: number, times: number) => new Array<number>(times).fill(channels);

/**
 * FitNet-1 for images of any size, 32 × 32 × 3 in the paper: 16, 16, 16 | 32, 32, 32 | 48, 48, 64 |
 * 500; 348,694 parameters with maxout and 10 classes, 128,102 otherwise. No dropout unless a rate is
 * given: then as in {@linkcode fitnet4}.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.fitnet1(), images = placeholder({ shape: [1, 32, 32, 3], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 348_694);
 * ```
 */
export const fitnet1 = (options: ModelOptions = {}): Model =>
  fitnet(
    {
      blocks: [
        [repeat(16, 3), maxPool(2)],
        [repeat(32, 3), maxPool(2)],
        [[48, 48, 64], globalMaxPool],
      ],
      hidden: 500,
      drop: ["input", "pool", "hidden"],
    },
    options.dropout ?? 0,
    options,
  );

/**
 * FitNet-4 for images of any size, 32 × 32 × 3 in the paper: 32, 32, 32, 48, 48 | 80 × 6 | 128 × 6 | 500;
 * 2,742,102 parameters with maxout and 10 classes, 1,276,806 otherwise. Dropout of 0.2 on the input,
 * after each pooling and after the hidden layer.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.fitnet4({ activation: "relu", classes: 100 });
 * const params = net.init(key(0), placeholder({ shape: [1, 32, 32, 3], dtype: "f32" }));
 * console.assert(models.countParameters(params) === 1_321_896);
 * ```
 */
export function fitnet4(options: Fitnet4Options = {}): Model {
  const { blocks = "5-6-6", dropout = 0.2 } = options;
  if (blocks !== "5-6-6" && blocks !== "5-5-5") {
    throw new RangeError(`fitnet4: expected blocks 5-6-6 or 5-5-5, found ${blocks}`);
  }
  const n = blocks === "5-6-6" ? 6 : 5;
  return fitnet(
    {
      blocks: [
        [[32, 32, 32, 48, 48], maxPool(2)],
        [repeat(80, n), maxPool(2)],
        [repeat(128, n), globalMaxPool],
      ],
      hidden: 500,
      drop: ["input", "pool", "hidden"],
    },
    dropout,
    options,
  );
}

/**
 * FitNet-MNIST for 28 × 28 × 1 images: 16, 16 | 16, 16 | 12, 12 with overlapping pooling that keeps
 * partial windows (28 → 13 → 6 → 3); 21,426 parameters with maxout, 11,258 otherwise. Dropout of 0.3
 * before the classifier.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.fitnetMnist(), images = placeholder({ shape: [1, 28, 28, 1], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 21_426);
 * ```
 */
export const fitnetMnist = (options: ModelOptions = {}): Model =>
  fitnet(
    {
      blocks: [
        [[16, 16], maxPool(4, { stride: 2, ceil: true })],
        [[16, 16], maxPool(4, { stride: 2, ceil: true })],
        [[12, 12], maxPool(2, { stride: 2, ceil: true })],
      ],
      drop: ["classifier"],
    },
    options.dropout ?? 0.3,
    options,
  );

/**
 * The number of elements of all tensors in a tree.
 *
 * @example
 * ```ts
 * import { key, models, nn } from "@goodinit/goodinit";
 *
 * const params = nn.dense(10).init(key(0), { shape: [1, 784], dtype: "f32" });
 * console.assert(models.countParameters(params) === 7850);
 * ```
 */
export const countParameters = (params: Params): number =>
  leaves<Tensor>(params).reduce((n, x) => n + x.size, 0);
