/**
 * Layers with weights: the common code of conv and dense, with biases and maxout pieces.
 *
 * A layer of k pieces has k times the channels, piece-major (index = piece · channels + channel), and
 * outputs the maximum over the pieces: Goodfellow et al., "Maxout Networks" (2013).
 *
 * @module
 */
import { type Initializer, orthonormal } from "./initializers/initializer.ts";
import { add, broadcastTo, constant, max, mul, reshape, transpose } from "../ops/mod.ts";
import type { Key } from "../random.ts";
import type { Shape } from "../shape.ts";
import type { Spec } from "../spec.ts";
import { Tensor } from "../tensor.ts";
import { checkLeast } from "./check.ts";
import { layer } from "./define_layer.ts";
import type { Layer, Unit } from "./layer.ts";
import type { Tuple } from "../tuple.ts";

/** Weights w [..., in, pieces · out] and biases b [pieces · out]. */
export type Weights = { readonly w: Tensor; readonly b: Tensor };

/** The weights of a layer without biases. */
export type WeightsAlone = { readonly w: Tensor };

/** The parameters of a layer with weights, with biases or without. */
export type WeightsOf<B extends boolean> = B extends false ? WeightsAlone : Weights;

/** Options of every layer with weights. */
export interface WeightOptions<B extends boolean = boolean> {
  /** Maxout pieces, over which the output is the maximum; 1 if left out. */
  readonly pieces?: number;
  /** The initializer of weights, applied to each piece separately; {@linkcode orthonormal} if left out. */
  readonly init?: Initializer | undefined;
  /** Whether there are biases; true if left out. Without them, `w` is the only parameter. */
  readonly bias?: B;
  /** The initial value of biases; 0 if left out. */
  readonly biasInit?: number;
}

/** The shape of one piece's weights, and the number of groups. */
export interface WeightShape {
  readonly shape: Shape;
  readonly fanIn: number;
  readonly fanOut: number;
  readonly groups?: number;
}

/** Repeats one number per piece, [pieces], for each of its channels: [pieces · channels]. */
function repeatPerChannel(factors: Tensor, size: number): Tensor {
  const [pieces] = factors.shape as Tuple<number, 1>;
  const rows = broadcastTo(reshape(factors, [pieces, 1]), [pieces, size / pieces]);
  return reshape(rows, [size]);
}

/** [..., pieces · channels] with each piece multiplied by its factor, [pieces]. */
export const scalePieces = (x: Tensor, factors: Tensor): Tensor =>
  mul(x, repeatPerChannel(factors, x.shape[x.rank - 1]!));

/** The maximum over pieces: [..., pieces · channels] → [..., channels]. */
export function maxOverPieces(y: Tensor, pieces: number): Tensor {
  if (pieces === 1) return y;
  const channels = y.shape[y.rank - 1]! / pieces;
  return max(reshape(y, [...y.shape.slice(0, -1), pieces, channels]), -2);
}

/** Concatenates separate weights along the outputs: [k, ..., in, out] → [..., in, k · out]. */
function concatOutputs(w: Tensor): Tensor {
  const last = w.rank - 1, [count] = w.shape as Tuple<number, 1>;
  const order = [...w.shape.keys()].slice(1, last);
  const transposed = transpose(w, [...order, 0, last]);
  return reshape(transposed, [...order.map((a) => w.shape[a]!), count * w.shape[last]!]);
}

/** Weights of so many pieces, or gates, [..., in, pieces · out]: each is initialized separately. */
export function initialWeights(
  key: Key,
  { shape, fanIn, fanOut, groups = 1 }: WeightShape,
  pieces: number,
  init: Initializer = orthonormal(),
): Tensor {
  const out = shape[shape.length - 1]! / groups;
  const each = { shape: [...shape.slice(0, -1), out], fanIn, fanOut, count: pieces * groups };
  return concatOutputs(init(key, each));
}

function makeWeights(key: Key, one: WeightShape, options: WeightOptions): Weights | WeightsAlone {
  const { pieces = 1, init, bias = true, biasInit = 0 } = options;
  const w = initialWeights(key, one, pieces, init);
  return bias ? { w, b: constant(biasInit, [w.shape.at(-1)!]) } : { w };
}

const proportional = new WeakSet<Unit>();

/** Whether a unit is from {@linkcode weightLayer}, so that its output is proportional to its weights. */
export const isProportional = (unit: Unit): boolean => proportional.has(unit);

/** Throws TypeError unless parameters are those of a layer with weights. */
function checkWeights(kind: string, params: WeightsAlone | Weights): void {
  if (params.w instanceof Tensor && (!("b" in params) || params.b instanceof Tensor)) return;
  throw new TypeError(
    `${kind}: expected parameters { w, b } or { w } of tensors, found ${
      Array.isArray(params) ? "an array" : `{ ${Object.keys(params).join(", ")} }`
    }`,
  );
}

/** The biases of a layer; zeros if it has none. */
const readBiases = (params: WeightsAlone | Weights): Tensor =>
  "b" in params ? params.b : constant(0, [params.w.shape[params.w.rank - 1]!]);

/** Biases moved by one amount per piece. */
const shiftBiases = (params: WeightsAlone | Weights, amounts: Tensor): WeightsAlone | Weights =>
  "b" in params
    ? { ...params, b: add(params.b, repeatPerChannel(amounts, params.b.shape[0]!)) }
    : params;

/**
 * Defines a layer with weights.
 *
 * @param shapeFor The shape of one piece's weights for an input's spec; throws on a wrong one.
 * @param linear x and weights to [..., pieces · channels]; throws on a wrong x.
 */
export function weightLayer<B extends boolean>(
  kind: string,
  options: WeightOptions<B>,
  shapeFor: (x: Spec) => WeightShape,
  linear: (x: Tensor, w: Tensor) => Tensor,
): Layer<WeightsOf<B>> & { readonly unit: Unit<WeightsOf<B>> } {
  type Own = Weights | WeightsAlone;
  const { pieces = 1, bias = true, biasInit } = options;
  checkLeast(kind, "pieces", pieces);
  if (typeof bias !== "boolean") {
    throw new RangeError(
      `${kind}: expected bias true or false, found ${bias}; biasInit is a value`,
    );
  }
  if (!bias && biasInit !== undefined) {
    throw new RangeError(`${kind}: expected no biasInit without biases, found ${biasInit}`);
  }
  const unit: Unit<Own> = {
    pieces,
    linear: ({ w }, x) => linear(x, w),
    bias: readBiases,
    finish: (y) => maxOverPieces(y, pieces),
    scale: (params, factors) => ({ ...params, w: scalePieces(params.w, factors) }),
    ...(bias && { shift: shiftBiases }),
  };
  proportional.add(unit as Unit);
  const made = layer<Own>(
    kind,
    (key, x) => makeWeights(key, shapeFor(x), options),
    (params, x) => {
      checkWeights(kind, params);
      const y = linear(x, params.w);
      return unit.finish("b" in params ? add(y, params.b) : y);
    },
    unit,
  );
  return made as unknown as Layer<WeightsOf<B>> & { readonly unit: Unit<WeightsOf<B>> };
}
