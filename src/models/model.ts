/**
 * What a model is, and what is to be known of one by those who choose it by its name.
 *
 * @module
 */
import type { Layer } from "../nn/mod.ts";
import type { Initializer } from "../nn/initializers/initializer.ts";
import type { Params, Tensor } from "../tensor.ts";
import { leaves } from "../tree.ts";
import type { Activation } from "./activation.ts";

/** Options of every model. */
export interface ModelOptions {
  /** `maxout` if left out: two pieces a convolution, five in the hidden dense layer. */
  readonly activation?: Activation;
  /** Classes, of each of which the last layer gives a logit; 10 if left out. */
  readonly classes?: number;
  /** The rate of every dropout layer, 0 for none; each net has its own default. */
  readonly dropout?: number | undefined;
  /** How weights are made; orthonormal if left out. */
  readonly init?: Initializer;
}

/** A model: a list of layers from images to logits. */
export type Model = Layer<readonly Params[]> & { readonly layers: readonly Layer[] };

/** An option that one model has for itself: one of several texts. */
export interface ModelOption {
  /** What may be chosen. */
  readonly choices: readonly string[];
  /** The choice that is taken unless another is named. */
  readonly default: string;
  /** Why that one. */
  readonly why: string;
  /** What it decides, a sentence. */
  readonly help: string;
}

/** A model by its name. */
export interface ModelRecord {
  /** Builds it; beside the options of all models it takes its own. */
  readonly create: (options: ModelOptions) => Model;
  /** What it is, after its name: `the paper's`. */
  readonly about: string;
  /** Sizes of the images that it takes where nothing names others. */
  readonly images: { readonly height: number; readonly width: number; readonly channels: number };
  /** The rate of its dropout layers unless another is named. */
  readonly dropout: number;
  /** Its own options. */
  readonly options?: Readonly<Record<string, ModelOption>>;
}

/** Sizes of CIFAR's images. */
export const COLOR_32 = { height: 32, width: 32, channels: 3 } as const;

/** Sizes of MNIST's images. */
export const GRAY_28 = { height: 28, width: 28, channels: 1 } as const;

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
