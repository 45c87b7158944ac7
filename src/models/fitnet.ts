/**
 * FitNets: the thin, deep networks of Romero et al., "FitNets: Hints for Thin Deep Nets" (2015), as
 * trained in the paper "All You Need Is a Good Init" (table 1 and the authors' prototxt files).
 *
 * @module
 */
import { conv, dense, dropout, flatten, type Layer, sequential } from "../nn/mod.ts";
import { resolveActivation } from "./activation.ts";
import { activatedLayers } from "./batchnorm.ts";
import type { Model, ModelOptions } from "./model.ts";

/** The architecture of a FitNet. */
export interface Architecture {
  /** For each block, the channels of its 3 × 3 convolutions, and the pooling after it. */
  readonly blocks: readonly (readonly [channels: readonly number[], pool: Layer])[];
  /** Units of a dense layer before the classifier. */
  readonly hidden?: number;
  /** Where dropout layers are inserted. */
  readonly drop: readonly ("input" | "pool" | "hidden" | "classifier")[];
  /** Whether batch normalization follows every layer with weights but the classifier; false if left out. */
  readonly batchnorm?: boolean;
}

/** Builds a FitNet from its architecture. */
export function fitnet(architecture: Architecture, rate: number, options: ModelOptions): Model {
  const { activation = "maxout", classes = 10, init } = options;
  const { batchnorm = false, blocks, hidden } = architecture;
  const { after, pieces } = resolveActivation("fitnet", activation);
  const drop = (at: Architecture["drop"][number]): Layer[] =>
    rate > 0 && architecture.drop.includes(at) ? [dropout(rate)] : [];
  const convolution = (channels: number) =>
    activatedLayers(
      channels,
      { batchnorm, pieces: pieces(2), after },
      (n, pieces) => conv(n, 3, { padding: 1, pieces, init }),
    );
  const hiddenLayer = (units: number) =>
    activatedLayers(
      units,
      { batchnorm, pieces: pieces(5), after },
      (n, pieces) => dense(n, { pieces, init }),
    );
  return sequential(
    ...drop("input"),
    ...blocks.flatMap(([channels, pool]) => [
      ...channels.flatMap(convolution),
      pool,
      ...drop("pool"),
    ]),
    flatten,
    ...(hidden ? [...hiddenLayer(hidden), ...drop("hidden")] : []),
    ...drop("classifier"),
    dense(classes, { init }),
  );
}

/** A list of `times` equal channel counts. */
export const repeat = (channels: number, times: number): number[] =>
  new Array<number>(times).fill(channels);
