/**
 * Pooling over sequences, as over images of one row.
 *
 * @module
 */
import {
  avgPool2d,
  max,
  maxPool2d,
  mean,
  type Padding,
  type PerAxis,
  reshape,
} from "../ops/mod.ts";
import type { AxisPadding } from "../ops/mod.ts";
import { checkOption } from "../ops/conv_options.ts";
import type { Tensor } from "../tensor.ts";
import { checkInput, checkLeast } from "./check.ts";
import { stateless, withOptions } from "./define_layer.ts";
import type { Layer, NoParams } from "./layer.ts";

/** Options of {@linkcode maxPool1d} and {@linkcode avgPool1d}. */
export interface Pool1dOptions {
  /** Step between windows; `size` if left out. */
  readonly stride?: number | undefined;
  /** Elements added on both sides, or before and after; 0 if left out. `"same"` gives ⌈length / stride⌉ windows. */
  readonly padding?: number | AxisPadding | "same" | undefined;
  /** Whether a last window that is not full counts; false if left out. */
  readonly ceil?: boolean | undefined;
}

/** The options of pooling over images of one row. */
interface RowOptions {
  readonly stride: PerAxis;
  readonly padding: Padding | "same";
  readonly ceil: boolean;
}

const onSequences = (kind: string, f: (x: Tensor) => Tensor): Layer<NoParams> =>
  stateless(kind, (x) => {
    checkInput(kind, x, 3, "f32 sequences [batch, length, channels]");
    return f(x);
  });

/** A layer of windows over sequences. */
function windows(
  kind: string,
  size: number,
  { stride = size, padding = 0, ceil = false }: Pool1dOptions,
  pool: (x: Tensor, size: PerAxis, options: RowOptions) => Tensor,
): Layer<NoParams> {
  checkLeast(kind, "size", size);
  checkLeast(kind, "stride", stride);
  if (padding !== "same") checkOption(kind, "padding", padding, 0, "pair");
  const sides: Padding | "same" = padding === "same"
    ? padding
    : [[0, 0], typeof padding === "number" ? [padding, padding] : padding];
  const made = onSequences(kind, (x) => {
    const [batch, length, channels] = x.shape as [number, number, number];
    const options = { stride: [1, stride], padding: sides, ceil } as const;
    const y = pool(reshape(x, [batch, 1, length, channels]), [1, size], options);
    return reshape(y, [batch, y.shape[2]!, channels]);
  });
  return withOptions(made, { size, stride, padding, ceil });
}

/**
 * The maximum of each window of `size` steps: [batch, length, channels] → [batch, length', channels].
 *
 * @throws RangeError on an option that it cannot have, and where no window fits.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(nn.maxPool1d(2)([], tensor([[[1], [5], [2], [3]]])));
 * console.assert(y.join() === "5,3");
 * ```
 */
export const maxPool1d = (size: number, options: Pool1dOptions = {}): Layer<NoParams> =>
  windows("maxPool1d", size, options, maxPool2d);

/**
 * The mean of each window of `size` steps, padding included: [batch, length, channels] → [batch, length',
 * channels].
 *
 * @throws RangeError on an option that it cannot have, and where no window fits.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(nn.avgPool1d(2, { stride: 1 })([], tensor([[[1], [5], [3]]])));
 * console.assert(y.join() === "3,4");
 * ```
 */
export const avgPool1d = (size: number, options: Pool1dOptions = {}): Layer<NoParams> =>
  windows("avgPool1d", size, options, avgPool2d);

/**
 * The maximum of each channel over all steps: [batch, length, channels] → [batch, channels].
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(nn.globalMaxPool1d([], tensor([[[1, 4], [5, 2]]])));
 * console.assert(y.join() === "5,4");
 * ```
 */
export const globalMaxPool1d: Layer<NoParams> = onSequences("globalMaxPool1d", (x) => max(x, 1));

/**
 * The mean of each channel over all steps: [batch, length, channels] → [batch, channels].
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(nn.globalAvgPool1d([], tensor([[[1, 4], [5, 2]]])));
 * console.assert(y.join() === "3,3");
 * ```
 */
export const globalAvgPool1d: Layer<NoParams> = onSequences("globalAvgPool1d", (x) => mean(x, 1));
