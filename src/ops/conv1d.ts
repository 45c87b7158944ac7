/**
 * One-dimensional convolution and its transpose: convolutions of images of one row.
 *
 * @module
 */
import { addContext } from "../error_context.ts";
import { showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkFloats, conv2d } from "./conv.ts";
import { type AxisPadding, checkOption, type Padding } from "./conv_options.ts";
import { convTranspose2d } from "./conv_transpose.ts";
import { reshape } from "./view.ts";

/** Options of a one-dimensional convolution. */
export interface Conv1dOptions {
  /** Step between windows; 1 if left out. */
  readonly stride?: number | undefined;
  /** Zeros on both sides, or before and after; 0 if left out. `"same"` gives ⌈length / stride⌉ windows. */
  readonly padding?: number | AxisPadding | "same" | undefined;
  /** Step between the taps of a window; 1 if left out. */
  readonly dilation?: number | undefined;
  /** Groups that the channels are split into, convolved independently; 1 if left out. */
  readonly groups?: number;
}

/** Options of a one-dimensional transposed convolution. */
export interface ConvTranspose1dOptions extends Omit<Conv1dOptions, "padding"> {
  /** Elements left out of the result on both sides, or before and after; 0 if left out. */
  readonly padding?: number | AxisPadding | undefined;
  /** Elements added after the result, below `stride` or `dilation`; 0 if left out. */
  readonly outputPadding?: number | undefined;
}

/** Throws RangeError unless options are numbers that a one-dimensional convolution can have. */
export function check1dOptions(name: string, options: Conv1dOptions): void {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  checkOption(name, "stride", stride, 1, "integer");
  checkOption(name, "dilation", dilation, 1, "integer");
  checkOption(name, "groups", groups, 1, "integer");
  if (padding !== "same") checkOption(name, "padding", padding, 0, "pair");
}

/** The padding of an image of one row. */
const rowPadding = (padding: number | AxisPadding): Padding => [
  [0, 0],
  typeof padding === "number" ? [padding, padding] : padding,
];

/** Applies a function of images and weights to sequences and weights as images of one row. */
function asRows(
  name: string,
  x: Tensor,
  w: Tensor,
  f: (x: Tensor, w: Tensor) => Tensor,
): Tensor {
  checkFloats(name, x, w);
  if (x.rank !== 3 || w.rank !== 3) {
    throw new RangeError(
      `${name}: expected sequences [batch, length, channels] and a weight of three axes, found ${
        showShape(x.shape)
      } and ${showShape(w.shape)}`,
    );
  }
  const [batch, length, channels] = x.shape as [number, number, number];
  try {
    const y = f(reshape(x, [batch, 1, length, channels]), reshape(w, [1, ...w.shape]));
    return reshape(y, [batch, y.shape[2]!, y.shape[3]!]);
  } catch (error) {
    throw addContext(error as Error, `${name}, as an image of one row: `);
  }
}

/**
 * 1-D convolution, f32: [batch, out length, out].
 *
 * @param x Sequences, [batch, length, channels].
 * @param w Weights, [size, channels / groups, out].
 * @throws RangeError if the sizes do not fit together, or an option is a number that it cannot be.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = tensor([1, 2, 3, 4], [1, 4, 1]), w = tensor([1, 10], [2, 1, 1]);
 * console.assert((await run.read(ops.conv1d(x, w))).join() === "21,32,43");
 * console.assert((await run.read(ops.conv1d(x, w, { dilation: 2 }))).join() === "31,42");
 * ```
 */
export function conv1d(x: Tensor, w: Tensor, options: Conv1dOptions = {}): Tensor {
  check1dOptions("conv1d", options);
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  return asRows("conv1d", x, w, (x, w) =>
    conv2d(x, w, {
      stride: [1, stride],
      padding: padding === "same" ? padding : rowPadding(padding),
      dilation: [1, dilation],
      groups,
    }));
}

/**
 * The transpose of a 1-D convolution, f32, as PyTorch's `conv_transpose1d`: [batch, out length, out], with
 * an out length of (length - 1) · stride - 2 · padding + dilation · (size - 1) + 1 + outputPadding.
 *
 * @param x Sequences, [batch, length, channels].
 * @param w Weights, [size, out / groups, channels]: those of the convolution that this is the transpose of.
 * @throws RangeError if the sizes do not fit together, or an option is a number that it cannot be.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = tensor([1, 2], [1, 2, 1]), w = tensor([1, 10], [2, 1, 1]);
 * console.assert((await run.read(ops.convTranspose1d(x, w, { stride: 3 }))).join() === "1,10,0,2,20");
 * ```
 */
export function convTranspose1d(
  x: Tensor,
  w: Tensor,
  options: ConvTranspose1dOptions = {},
): Tensor {
  check1dOptions("convTranspose1d", options);
  const { stride = 1, padding = 0, dilation = 1, groups = 1, outputPadding = 0 } = options;
  checkOption("convTranspose1d", "outputPadding", outputPadding, 0, "integer");
  return asRows("convTranspose1d", x, w, (x, w) =>
    convTranspose2d(x, w, {
      stride: [1, stride],
      padding: rowPadding(padding),
      dilation: [1, dilation],
      outputPadding: [0, outputPadding],
      groups,
    }));
}
