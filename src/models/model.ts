/**
 * The types of models and of their records, which describe a model that is chosen by name.
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
  /**
   * The activation; `maxout` if left out, with two pieces per convolution and five in the hidden dense
   * layer.
   */
  readonly activation?: Activation;
  /** The number of classes, and so of logits; 10 if left out. */
  readonly classes?: number;
  /** The rate of every dropout layer, 0 for none; each net has its own default. */
  readonly dropout?: number | undefined;
  /** The initializer of weights; orthonormal if left out. */
  readonly init?: Initializer;
}

/** A model: a list of layers from images to logits. */
export type Model = Layer<readonly Params[]> & { readonly layers: readonly Layer[] };

/** What every option of a model has. */
export interface DescribedOption {
  /** Why it is the default. */
  readonly why: string;
  /** What the option decides, as a sentence. */
  readonly help: string;
}

/** An option of one model that is one of several values. */
export interface ChoiceOption extends DescribedOption {
  /** The values. */
  readonly choices: readonly string[];
  /** The default value. */
  readonly default: string;
}

/** An option of one model that is an integer, such as a depth. */
export interface IntegerOption extends DescribedOption {
  /** The least value. */
  readonly from: number;
  /** The default value. */
  readonly default: number;
}

/** An option of one model: one of several values, or an integer. */
export type ModelOption = ChoiceOption | IntegerOption;

/** The record of a model. */
export interface ModelRecord {
  /** Builds it, from the options of all models and its own. */
  readonly create: (options: ModelOptions) => Model;
  /** A short description, to follow its name: `the paper's`. */
  readonly about: string;
  /** The default image size. */
  readonly images: { readonly height: number; readonly width: number; readonly channels: number };
  /** The activation of the original, which tasks build it with unless told otherwise; `maxout` if left out. */
  readonly activation?: Activation;
  /** The default dropout rate. */
  readonly dropout: number;
  /** Its own options. */
  readonly options?: Readonly<Record<string, ModelOption>>;
}

/** The size of CIFAR's images. */
export const COLOR_32 = { height: 32, width: 32, channels: 3 } as const;

/** The size of MNIST's images. */
export const GRAY_28 = { height: 28, width: 28, channels: 1 } as const;

/**
 * The total number of elements of a tree of tensors.
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
