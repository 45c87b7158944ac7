/**
 * Transposed convolution: a convolution's gradient with respect to its image, as an op of its own. Its
 * gradients are convolutions.
 *
 * @module
 */
import { showShape } from "../shape.ts";
import { apply, type Tensor } from "../tensor.ts";
import type { Tuple } from "../tuple.ts";
import { checkFloats, conv2dInputGradientOp } from "./conv.ts";
import {
  type AxisPadding,
  checkConvOptions,
  checkOption,
  convAttrs,
  type ConvOptions,
  type Padding,
  type PerAxis,
  perAxis,
  sidesOf,
  windowsOf,
} from "./conv_options.ts";
import { extent, type WindowOptions } from "./window_axis.ts";

const NAME = "convTranspose2d";

/** Options of a transposed convolution: those of the convolution that it transposes, and its own size. */
export interface ConvTransposeOptions extends Omit<ConvOptions, "padding"> {
  /** Pixels left out of the result on every side, for each axis, or for each side; 0 if left out. */
  readonly padding?: Padding | undefined;
  /**
   * Pixels added to the result after each axis, as a convolution by steps does not say which of several
   * sizes its image had: below `stride` or `dilation`; 0 if left out.
   */
  readonly outputPadding?: PerAxis | undefined;
}

/**
 * The transpose of a 2-D convolution, f32: each pixel is multiplied by the weights, and the windows that
 * result are added, `stride` pixels apart. PyTorch's `conv_transpose2d` in every option: [batch, out height,
 * out width, out], with an out height of (height - 1) · stride - 2 · padding + dilation · (kernel - 1) + 1 +
 * outputPadding.
 *
 * @param x Images, [batch, height, width, channels].
 * @param w Weights, [height, width, out / groups, channels]: as in Keras, those of the convolution that this
 * is the transpose of. (PyTorch's [channels, out / groups, height, width] has its axes in the order 2, 3,
 * 1, 0.)
 * @throws RangeError if the sizes do not fit together, or an option is a number that it cannot be.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const image = tensor([1, 2], [1, 1, 2, 1]), weight = tensor([1, 10], [1, 2, 1, 1]);
 * const doubled = ops.convTranspose2d(image, weight, { stride: [1, 2] });
 * console.assert((await run.read(doubled)).join() === "1,10,2,20");
 * ```
 */
export function convTranspose2d(
  x: Tensor,
  w: Tensor,
  options: ConvTransposeOptions = {},
): Tensor {
  const { outputPadding = 0, groups = 1 } = options;
  checkFloats(NAME, x, w);
  checkConvOptions(NAME, options);
  checkOption(NAME, "outputPadding", outputPadding, 0, "pair");
  checkOperands(x, w, groups);
  const [batch, height, width] = x.shape as Tuple<number, 4>, more = perAxis(outputPadding);
  const [kernelHeight, kernelWidth, groupOut] = w.shape as Tuple<number, 4>;
  const windows = windowsOf(convAttrs(options, sidesOf(options, [], [])));
  const rows = transposedAxisOf(height, { kernel: kernelHeight, ...windows.y }, more[0]);
  const columns = transposedAxisOf(width, { kernel: kernelWidth, ...windows.x }, more[1]);
  return apply(conv2dInputGradientOp, [x, w], {
    ...convAttrs(options, [...rows.padding, ...columns.padding]),
    shape: [batch, rows.size, columns.size, groupOut * groups],
  });
}

/** Throws RangeError unless images and weights fit together. */
function checkOperands(x: Tensor, w: Tensor, groups: number): void {
  const found = `image ${showShape(x.shape)}, weight ${showShape(w.shape)}, groups ${groups}`;
  if (x.rank !== 4 || w.rank !== 4) {
    throw new RangeError(
      `${NAME}: expected an image [batch, height, width, channels] and a weight [height, width, out / groups, channels], found ${found}`,
    );
  }
  if (x.shape[3] !== w.shape[3] || x.shape[3]! % groups !== 0) {
    throw new RangeError(
      `${NAME}: expected a weight whose last axis is the image's channels, a multiple of ${groups}, found ${found}`,
    );
  }
}

/**
 * The pixels of the result along an axis, and the padding of the convolution that makes `size` windows of
 * them. Of `more` pixels, those that would give it further windows are taken from its padding.
 */
function transposedAxisOf(
  size: number,
  { kernel, stride, dilation, padding, paddingAfter }: Required<WindowOptions>,
  more: number,
): { readonly size: number; readonly padding: AxisPadding } {
  if (more > 0 && more >= Math.max(stride, dilation)) {
    throw new RangeError(
      `${NAME}: expected an outputPadding below the stride ${stride} or the dilation ${dilation}, found ${more}`,
    );
  }
  const out = (size - 1) * stride + extent({ kernel, dilation }) - padding - paddingAfter + more;
  if (out < 1) {
    throw new RangeError(
      `${NAME}: expected a result of at least 1 pixel, found ${out} from ${size} with kernel ${kernel}, stride ${stride}, padding ${padding} and ${paddingAfter}`,
    );
  }
  return { size: out, padding: [padding, more < stride ? paddingAfter : paddingAfter - more] };
}
