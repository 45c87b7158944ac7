/**
 * The blocks that network in network and its descendants are made of: a convolution, and two of 1 × 1, which
 * are a perceptron at every position.
 *
 * @module
 */
import { conv, dropout, flatten, globalAvgPool, type Layer, maxPool } from "../nn/mod.ts";
import { resolveActivation } from "./activation.ts";
import { divideChannels, type ShrinkOptions } from "./shrink.ts";

/** A block: the window of its first convolution, and the channels of all three. */
export interface Block {
  readonly size: number;
  readonly channels: readonly [number, number, number];
}

/** The blocks of a net: two, and that of the classes, whose channels are given but for the last. */
export interface Trunk {
  readonly blocks: readonly [Block, Block];
  readonly last: { readonly size: number; readonly channels: readonly [number, number] };
}

/** The trunk on CIFAR: mavenlin/cuda-convnet, NIN/cifar-10_def. */
export const CIFAR_TRUNK: Trunk = {
  blocks: [{ size: 5, channels: [192, 160, 96] }, { size: 5, channels: [192, 192, 192] }],
  last: { size: 3, channels: [192, 192] },
};

/** The trunk on MNIST: mavenlin/cuda-convnet, NIN/mnist_def. */
export const MNIST_TRUNK: Trunk = {
  blocks: [{ size: 5, channels: [96, 64, 48] }, { size: 5, channels: [128, 96, 48] }],
  last: { size: 5, channels: [128, 96] },
};

/** What a net adds to its trunk. */
export interface TrunkOptions extends ShrinkOptions {
  /** The net's name, for errors. */
  readonly caller: string;
  /** The rate of dropout after each pooling. */
  readonly rate: number;
  /** Layers between the first convolution of a block, counted from 0, and its activation. */
  readonly tap?: (block: number) => readonly Layer[];
  /** Whether the last convolution is followed by the activation too. */
  readonly activateLast: boolean;
}

/** The layers of a trunk, from images to logits. Poolings keep partial windows: 32 → 16 → 8. */
export function trunkLayers({ blocks, last }: Trunk, options: TrunkOptions): Layer[] {
  const { activation = "relu", classes = 10, init, caller, rate } = options;
  const { tap = () => [], activateLast } = options;
  const { after, pieces } = resolveActivation(caller, activation);
  const divided = divideChannels(caller, options);
  const convolve = (channels: number, size: number): Layer =>
    conv(channels, size, { padding: (size - 1) / 2, pieces: pieces(2), init });
  const pool = [maxPool(3, { stride: 2, ceil: true }), ...(rate > 0 ? [dropout(rate)] : [])];
  const block = (size: number, channels: readonly number[], index: number): Layer[] =>
    channels.flatMap((n, i) =>
      i === 0 ? [convolve(n, size), ...tap(index), ...after] : [convolve(n, 1), ...after]
    );
  return [
    ...blocks.flatMap(({ size, channels }, i) => [
      ...block(size, channels.map(divided), i),
      ...pool,
    ]),
    ...block(last.size, last.channels.map(divided), blocks.length),
    convolve(classes, 1),
    ...(activateLast ? after : []),
    globalAvgPool,
    flatten,
  ];
}
