/**
 * CaffeNet, as its paper describes it, without dropout.
 *
 * @module
 */
import * as g from "../../mod.ts";

const { conv, dense, flatten, maxPool, relu } = g.nn;

type Options = Parameters<typeof conv>[2];

/** A convolution, then ReLU. */
const convRelu = (channels: number, size: number, options: Options = {}): readonly g.Layer[] => [
  conv(channels, size, options) as g.Layer,
  relu,
];

const pool = maxPool(3, { stride: 2, ceil: true }), lrn = g.nn.lrn({ alpha: 1e-4 });

/** CaffeNet, for ImageNet: Krizhevsky, Sutskever & Hinton (2012) with pooling before normalization. */
export const caffenet = (): g.Layer =>
  g.sequential(
    ...convRelu(96, 11, { stride: 4 }),
    pool,
    lrn,
    ...convRelu(256, 5, { padding: 2, groups: 2 }),
    pool,
    lrn,
    ...convRelu(384, 3, { padding: 1 }),
    ...convRelu(384, 3, { padding: 1, groups: 2 }),
    ...convRelu(256, 3, { padding: 1, groups: 2 }),
    pool,
    flatten,
    dense(4096),
    relu,
    dense(4096),
    relu,
    dense(1000),
  ) as g.Layer;
