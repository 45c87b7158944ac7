/**
 * Local response normalization across channels.
 *
 * @module
 */
import { add, custom, div, mul, pad, pow, slice, sqrt, sub } from "../../ops/mod.ts";
import { showSpec } from "../../spec.ts";
import type { Tensor } from "../../tensor.ts";
import { checkLeast } from "../check.ts";
import { stateless, withOptions } from "../define_layer.ts";
import type { Layer, NoParams } from "../layer.ts";

/** Options of {@linkcode lrn}; the defaults are Caffe's. */
export interface LrnOptions {
  /** The number of adjacent channels whose squares are added; 5 if left out. */
  readonly size?: number;
  /** The factor of their mean; 1 if left out. PyTorch's and CaffeNet's is 1e-4. */
  readonly alpha?: number;
  /** The exponent; 0.75 if left out. */
  readonly beta?: number;
  /** What is added to the mean; 1 if left out. */
  readonly k?: number;
}

/** x whose channel c is that of c + by, or zeros where there is none. */
function shiftChannels(x: Tensor, by: number): Tensor {
  const channels = x.shape.at(-1)!, outer = x.shape.slice(0, -1), first = Math.max(0, by);
  const inside = slice(x, [...outer.map(() => 0), first], [...outer, channels + Math.min(0, by)]);
  return pad(inside, [...outer.map(() => [0, 0] as const), [Math.max(0, -by), first]]);
}

/** The sums over a window around each channel: from `before` channels before it to `after` behind it. */
function windowSums(x: Tensor, before: number, after: number): Tensor {
  const channels = x.shape.at(-1)!, shifts: number[] = [];
  for (let by = -before; by <= after; by++) if (Math.abs(by) < channels) shifts.push(by);
  return shifts.map((by) => shiftChannels(x, by)).reduce(add);
}

/** s to the power -β: for Caffe's β by square roots, which cost a fraction of a power. */
function inversePower(s: Tensor, beta: number): Tensor {
  if (beta !== 0.75) return pow(s, -beta);
  const inverseRoot = div(1, sqrt(s));
  return mul(inverseRoot, sqrt(inverseRoot));
}

/**
 * Local response normalization across channels: x / (k + α / n · Σ x²)^β, where the sum runs over the n
 * channels around each: Krizhevsky, Sutskever & Hinton, "ImageNet Classification with Deep Convolutional
 * Neural Networks" (2012), section 3.3, with α divided by n as in Caffe (`lrn_layer.cpp`,
 * `ACROSS_CHANNELS`) and PyTorch. [..., channels], and the shape is kept. Beyond the first and the last
 * channel are zeros. A window of an even size reaches one channel further down than up, as in PyTorch.
 *
 * @throws RangeError on an option out of its range, or an input that is not f32 with at least one axis.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const layer = nn.lrn({ size: 3, alpha: 3, beta: 1 });
 * const y = await run.read(layer([], tensor([1, 2, 4])));
 * console.assert([1 / 6, 2 / 22, 4 / 21].every((v, i) => Math.abs(y[i]! - v) < 1e-6));
 * ```
 */
export function lrn(options: LrnOptions = {}): Layer<NoParams> {
  const { size = 5, alpha = 1, beta = 0.75, k = 1 } = options;
  checkLeast("lrn", "size", size);
  if (!(k > 0 && alpha >= 0 && beta >= 0)) {
    throw new RangeError(
      `lrn: expected k above 0, alpha and beta of at least 0, found k ${k}, alpha ${alpha}, beta ${beta}`,
    );
  }
  const before = Math.floor(size / 2), after = size - 1 - before;
  const denominator = (x: Tensor) =>
    add(mul(windowSums(mul(x, x), before, after), alpha / size), k);
  // The gradient of the sums is that of their denominators, which are shared with the forward pass.
  const normalize = custom(
    "lrn",
    (x) => mul(x, inversePower(denominator(x), beta)),
    (cotangent, [x], y) => {
      const s = denominator(x);
      const shares = windowSums(mul(cotangent, div(y, s)), after, before);
      const own = mul(cotangent, inversePower(s, beta));
      return [sub(own, mul(mul(x, 2 * alpha * beta / size), shares))];
    },
  );
  const made = stateless("lrn", (x) => {
    if (x.dtype === "f32" && x.rank > 0) return normalize(x);
    throw new RangeError(`lrn: expected f32 [..., channels], found ${showSpec(x)}`);
  });
  return withOptions(made, { size, alpha, beta, k });
}
