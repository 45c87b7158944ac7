/**
 * How each of the paper's recipes prepares a data set.
 *
 * @module
 */
import {
  type Dataset,
  prepareCifar,
  type PreparedSplits,
  prepareMnist,
  type ProceduralOptions,
} from "../../src/data/mod.ts";
import type { RecipeName } from "../../src/data/catalogue/record.ts";

/** How images are preprocessed: MNIST's `scale`, or CIFAR's `contrast` and mean image. */
export type Preprocessing = "scale" | "contrast";

/** How a recipe prepares data. */
export interface Preparation {
  readonly preprocessing: Preprocessing;
  prepare(train: Dataset, test: Dataset): PreparedSplits;
  /** The shape of procedural images for it. */
  readonly drawn: Pick<ProceduralOptions, "size" | "channels">;
}

/** The preparations by the recipes' names. */
export const PREPARATIONS: Readonly<Record<RecipeName, Preparation>> = {
  cifar: { preprocessing: "contrast", prepare: prepareCifar, drawn: {} },
  mnist: { preprocessing: "scale", prepare: prepareMnist, drawn: { size: 28, channels: 1 } },
};

/** The recipe whose preprocessing this is. */
export const recipeWith = (preprocessing: Preprocessing): RecipeName =>
  preprocessing === PREPARATIONS.mnist.preprocessing ? "mnist" : "cifar";
