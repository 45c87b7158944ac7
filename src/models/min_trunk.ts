/**
 * The blocks of the batch-normalized maxout network in network.
 *
 * @module
 */
import {
  avgPool,
  batchNorm,
  conv,
  dropout,
  flatten,
  globalAvgPool,
  type Layer,
  maxout,
  sequential,
} from "../nn/mod.ts";
import { resolveActivation } from "./activation.ts";
import type { Trunk } from "./mlpconv.ts";
import type { Model } from "./model.ts";
import { divideChannels, type ShrinkOptions } from "./shrink.ts";

/** Maxout pieces of every 1 × 1 convolution; those before them have one. */
const PIECES = 5;

/** MatConvNet's (matlab/src/bits/nnbnorm.hpp), which the authors used. */
const EPSILON = 1e-4;

/** Options of a trunk. */
export interface MinOptions extends ShrinkOptions {
  /** The net's name, for errors. */
  readonly caller: string;
  /** The rate of dropout after each pooling. */
  readonly rate: number;
}

/**
 * A net of a trunk's blocks, with batch normalization after every convolution, before the maximum over
 * pieces.
 */
export function minNetOf({ blocks, last }: Trunk, options: MinOptions): Model {
  const { activation = "maxout", classes = 10, init, caller, rate } = options;
  const { after, pieces } = resolveActivation(caller, activation);
  const divided = divideChannels(caller, options), count = pieces(PIECES);
  const activate = count > 1 ? [maxout(count)] : after;
  const convolve = (channels: number, size: number): Layer[] => [
    conv(channels, size, { padding: (size - 1) / 2, init }),
    batchNorm({ epsilon: EPSILON }),
  ];
  const block = (size: number, [first, ...mixed]: readonly number[]): Layer[] => [
    ...convolve(first!, size),
    ...mixed.flatMap((n) => [...convolve(count * n, 1), ...activate]),
  ];
  const halve = [
    avgPool(3, { stride: 2, ceil: true, countPadding: false }),
    ...(rate > 0 ? [dropout(rate)] : []),
  ];
  return sequential(
    ...blocks.flatMap(({ size, channels }) => [...block(size, channels.map(divided)), ...halve]),
    ...block(last.size, [...last.channels.map(divided), classes]),
    globalAvgPool,
    flatten,
  );
}
