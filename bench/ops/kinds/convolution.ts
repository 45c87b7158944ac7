/**
 * Convolutions.
 *
 * @module
 */
import { ops, type Spec } from "../../../mod.ts";
import { bilinear, filled, type Op, type Work } from "../work.ts";

/** Stride, padding, dilation and groups. */
interface WindowSize {
  readonly s?: number;
  readonly p?: number;
  readonly d?: number;
  readonly groups?: number;
}

/** Images, channels in and out, and the window. */
export interface ConvSize extends WindowSize {
  readonly b: number;
  readonly h: number;
  /** The width, where it is not the height; likewise of the window. */
  readonly w?: number;
  readonly ci: number;
  readonly co: number;
  readonly k: number;
  readonly kw?: number;
}

const options = ({ s = 1, p = 0, d = 1, groups = 1 }: WindowSize) => ({
  stride: s,
  padding: p,
  dilation: d,
  groups,
});

const product = (sizes: readonly number[]): number => sizes.reduce((n, d) => n * d, 1);

/** Multiply-adds count as two: the weights of a channel, at every window. */
const countFlops = (windows: Spec, w: Spec): number =>
  2 * product(windows.shape) * product(w.shape.slice(0, -1));

/** A convolution of images. */
export function conv(size: ConvSize): Work {
  const { b, h, w = h, ci, co, k, kw = k, groups = 1 } = size;
  const op: Op = (x, w) => ops.conv2d(x!, w!, options(size));
  const images = filled([b, h, w, ci], 1), weights = filled([k, kw, ci / groups, co], 2);
  return bilinear(op, images, weights, countFlops(op(images, weights), weights));
}

/** Sequences, channels in and out, and the window. */
export interface Conv1dSize extends WindowSize {
  readonly b: number;
  readonly l: number;
  readonly ci: number;
  readonly co: number;
  readonly k: number;
}

/** A convolution along the middle axis of [batch, length, channels]. */
export function conv1d(size: Conv1dSize): Work {
  const { b, l, ci, co, k, groups = 1 } = size;
  const op: Op = (x, w) => ops.conv1d(x!, w!, options(size));
  const x = filled([b, l, ci], 1), w = filled([k, ci / groups, co], 2);
  return bilinear(op, x, w, countFlops(op(x, w), w));
}

/** A transposed convolution of images. */
export function convTranspose(size: ConvSize): Work {
  const { b, h, ci, co, k } = size;
  const op: Op = (x, w) => ops.convTranspose2d(x!, w!, options(size));
  const x = filled([b, h, h, ci], 1), w = filled([k, k, co, ci], 2);
  return bilinear(op, x, w, countFlops(x, w));
}
