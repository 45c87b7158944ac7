/**
 * The convolutions of maxout networks.
 *
 * @module
 */
import { conv, dropout, type Layer, maxPool } from "../nn/mod.ts";
import { resolveActivation } from "./activation.ts";
import { divideChannels, type ShrinkOptions } from "./shrink.ts";

/** A convolution, and the window of the pooling of stride 2 after it, which keeps partial windows. */
export interface MaxoutConv {
  readonly channels: number;
  readonly size: number;
  readonly padding: number;
  readonly pieces: number;
  readonly pool: number;
}

/** The input's dropout rate relative to that of hidden layers: 20 % for 50 %. */
const INPUT_SHARE = 0.4;

/** What a net adds to its convolutions. */
export interface MaxoutOptions extends ShrinkOptions {
  /** The net's name, for errors. */
  readonly caller: string;
  /** The rate of dropout after each pooling. */
  readonly rate: number;
}

/** Dropout where there is a rate. */
export const dropAt = (rate: number): Layer[] => rate > 0 ? [dropout(rate)] : [];

/** Dropout of the input, and the convolutions with what follows each. */
export function maxoutTrunk(convs: readonly MaxoutConv[], options: MaxoutOptions): Layer[] {
  const { activation = "maxout", init, caller, rate } = options;
  const { after, pieces } = resolveActivation(caller, activation);
  const divided = divideChannels(caller, options);
  return [
    ...dropAt(INPUT_SHARE * rate),
    ...convs.flatMap(({ channels, size, padding, pieces: count, pool }) => [
      conv(divided(channels), size, { padding, pieces: pieces(count), init }),
      ...after,
      maxPool(pool, { stride: 2, ceil: true }),
      ...dropAt(rate),
    ]),
  ];
}
