/**
 * Pooling and normalization of images.
 *
 * @module
 */
import * as g from "../../../mod.ts";
import { filled, type Op, trained, type Work } from "../work.ts";

/** Images and channels. */
export interface ImageSize {
  readonly b: number;
  readonly h: number;
  readonly c: number;
}

/** Images, and the pooling's window, stride, padding and dilation; `kw` is the window's width. */
export interface PoolSize extends ImageSize {
  readonly k: number;
  readonly s: number;
  readonly p?: number;
  readonly d?: number;
  readonly kw?: number;
}

const images = ({ b, h, c }: ImageSize, seed = 1) => filled([b, h, h, c], seed);
const layer = (layer: g.Layer<g.nn.NoParams>) => (size: ImageSize): Work =>
  trained((x) => layer([], x!), images(size));

export const maxPool = ({ k, kw = k, s, p = 0, d = 1, ...size }: PoolSize): Work =>
  trained(
    (x) => g.ops.maxPool2d(x!, [k, kw], { stride: s, padding: p, dilation: d, ceil: true }),
    images(size),
  );

export const avgPool = ({ k, kw = k, s, p = 0, ...size }: PoolSize): Work =>
  trained(
    (x) => g.ops.avgPool2d(x!, [k, kw], { stride: s, padding: p, ceil: true }),
    images(size),
  );

export const globalAvgPool = layer(g.nn.globalAvgPool);
export const globalMaxPool = layer(g.nn.globalMaxPool);
export const lrn = layer(g.nn.lrn({ alpha: 1e-4 }));

/** Batch normalization, then ReLU. */
export function batchNormRelu(size: ImageSize): Work {
  const mean = g.ops.constant(0, [size.c]), variance = g.ops.constant(1, [size.c]);
  const op: Op = (x, scale, b) =>
    g.nn.relu([], g.nn.batchNorm()({ scale: scale!, b: b!, mean, variance }, x!, g.key(0)));
  return trained(op, images(size), filled([size.c], 2), filled([size.c], 3));
}

/** Images, and the groups of their channels. */
export interface GroupSize extends ImageSize {
  readonly groups: number;
}

/** Group normalization. */
export function groupNorm({ groups, ...size }: GroupSize): Work {
  const op: Op = (x, scale, b) => g.nn.groupNorm(groups)({ scale: scale!, b: b! }, x!);
  return trained(op, images(size), filled([size.c], 2), filled([size.c], 3));
}

/** Two images side by side in the channels. */
export const concat = (size: ImageSize): Work =>
  trained((a, b) => g.ops.concat([a!, b!], -1), images(size), images(size, 2));

/** Channels before height and width. */
export const channelsFirst = (size: ImageSize): Work =>
  trained((x) => g.ops.transpose(x!, [0, 3, 1, 2]), images(size));

/** Biases by channel, then ReLU. */
export const biasRelu = (size: ImageSize): Work =>
  trained((x, b) => g.nn.relu([], g.ops.add(x!, b!)), images(size), filled([size.c], 2));

/** The maximum of two pieces, as of a maxout layer. */
export const maxout = ({ b, h, c }: ImageSize): Work =>
  trained(
    (x) => g.ops.max(g.ops.reshape(x!, [b, h, h, 2, c]), 3),
    filled([b, h, h, 2 * c], 1),
  );

/** A 3 × 3 convolution of groups, two pieces each. */
export function groupedMaxout({ groups, ...size }: GroupSize): Work {
  const { c } = size, layer = g.nn.conv(c, 3, { padding: 1, groups, pieces: 2 });
  const op: Op = (x, w, b) => layer({ w: w!, b: b! }, x!);
  return trained(op, images(size), filled([3, 3, c / groups, 2 * c], 2), filled([2 * c], 3));
}
