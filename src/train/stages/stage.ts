/**
 * Stages: parts of a net trained for targets of their own, before the whole is trained for its labels.
 *
 * @module
 */
import { sequential } from "../../nn/compose.ts";
import type { Layer } from "../../nn/layer.ts";
import type { Key } from "../../random.ts";
import type { Params, Tensor } from "../../tensor.ts";
import type { Objective } from "../objective.ts";

/**
 * Some layers of a list, in sequence: x itself if there are none. With a key, each draws a dropout mask of its
 * own.
 */
export const applyLayers = (
  layers: readonly Layer[],
  params: readonly Params[],
  x: Tensor,
  key?: Key,
): Tensor => layers.length === 0 ? x : sequential(...layers)(params, x, key);

/** What a stage trains, with the parameters that earlier stages left. */
export interface StageTask<P extends Params> {
  /** The net that is trained. */
  readonly net: Layer;
  /** Its initial parameters. */
  readonly params: Params;
  /** What is minimized. */
  readonly objective: Objective;
  /** The whole net's parameters, from the trained ones. */
  merge(trained: Params): P;
}

/** A stage of the training of a net with parameters `P`. */
export interface Stage<P extends Params = Params> {
  /** The layers that it trains, such as `[2] conv`. */
  readonly name: string;
  /** Its task. The parameters are those of the whole net, on a device. */
  prepare(params: P): StageTask<P>;
}
