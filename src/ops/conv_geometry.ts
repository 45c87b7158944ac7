/**
 * The geometry of a convolution (windows, channels, groups), shared by the ops and the kernels of every
 * device.
 *
 * @module
 */
import { showShape } from "../shape.ts";
import type { Spec } from "../spec.ts";
import type { Attrs } from "../tensor.ts";
import type { Tuple } from "../tuple.ts";
import { windowsOf } from "./conv_options.ts";
import { transposedAxis, type WindowAxis, windowAxis } from "./window_axis.ts";

/**
 * Windows of images [batch, y, x, channels], each multiplied by weights to give a pixel of a result [batch,
 * y, x, outChannels]. It describes a convolution, and also the gradient with respect to its image
 * ({@linkcode inputGradientGeometry}).
 */
export interface ConvGeometry {
  readonly batch: number;
  /** Groups that the channels are split into. */
  readonly groups: number;
  /** Channels of the image, and those of one group. */
  readonly channels: number;
  readonly groupIn: number;
  /** Channels of the result, and those of one group. */
  readonly outChannels: number;
  readonly groupOut: number;
  readonly y: WindowAxis;
  readonly x: WindowAxis;
}

/**
 * The geometry of a convolution of an image [batch, height, width, channels] with a weight
 * [height, width, channels / groups, out]. Throws RangeError if they do not fit together.
 */
export function convGeometry(
  image: Spec["shape"],
  weight: Spec["shape"],
  attrs: Attrs,
): ConvGeometry {
  const groups = attrs.groups as number, windows = windowsOf(attrs);
  const [batch, height, width, channels] = image as Tuple<number, 4>;
  const [kernelHeight, kernelWidth, groupIn, outChannels] = weight as Tuple<number, 4>;
  const found = `image ${showShape(image)}, weight ${showShape(weight)}, groups ${groups}`;
  if (image.length !== 4 || weight.length !== 4) {
    throw new RangeError(
      `conv2d: expected an image [batch, height, width, channels] and a weight [height, width, in, out], found ${found}`,
    );
  }
  if (channels !== groupIn * groups || outChannels % groups !== 0) {
    throw new RangeError(
      `conv2d: expected a weight for ${
        channels / groups
      } input channels a group and a multiple of ${groups} output channels, found ${found}`,
    );
  }
  const y = windowAxis(height, { kernel: kernelHeight, ...windows.y });
  const x = windowAxis(width, { kernel: kernelWidth, ...windows.x });
  if (y.out < 1 || x.out < 1) {
    throw new RangeError(
      `conv2d: expected a kernel no larger than the padded image, found ${found}, padding ${attrs.padding}${
        attrs.dilation === undefined ? "" : `, dilation ${attrs.dilation}`
      }`,
    );
  }
  const groupOut = outChannels / groups;
  return { batch, groups, channels, groupIn, outChannels, groupOut, y, x };
}

/**
 * The gradient with respect to a convolution's image, as a convolution of the result's cotangent with
 * weights whose taps are reversed and whose input and output channels are swapped.
 */
export const inputGradientGeometry = (g: ConvGeometry): ConvGeometry => ({
  batch: g.batch,
  groups: g.groups,
  channels: g.outChannels,
  groupIn: g.groupOut,
  outChannels: g.channels,
  groupOut: g.groupIn,
  y: transposedAxis(g.y),
  x: transposedAxis(g.x),
});

/** Whether the taps of a window are apart, on either axis. */
export const isDilated = ({ y, x }: ConvGeometry): boolean => y.dilation > 1 || x.dilation > 1;

/** The number of taps of a window. */
export const countTaps = ({ y, x }: ConvGeometry): number => y.kernel * x.kernel;

/** The number of multiplications, those with padding included. */
export const countProducts = (g: ConvGeometry): number =>
  g.batch * g.y.out * g.x.out * g.outChannels * countTaps(g) * g.groupIn;
