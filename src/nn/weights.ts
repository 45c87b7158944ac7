/**
 * What conv and dense share: weights and biases, and maxout pieces.
 *
 * A layer of k pieces has k times the channels, piece-major (index = piece · channels + channel), and
 * gives the largest of the pieces: Goodfellow et al., "Maxout Networks" (2013).
 *
 * @module
 */
import { type Initializer, orthonormal } from "./initializers/initializer.ts";
import { add, broadcastTo, constant, max, mul, reshape, transpose } from "../ops/mod.ts";
import type { Key } from "../random.ts";
import type { Shape } from "../shape.ts";
import type { Spec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";
import { checkInteger } from "./check.ts";
import { layer } from "./define_layer.ts";
import type { Layer, Unit } from "./layer.ts";
import type { Tuple } from "../tuple.ts";

/** Weights w [..., in, pieces · out] and biases b [pieces · out]. */
export type Weights = { readonly w: Tensor; readonly b: Tensor };

/** Weights alone, of a layer without biases. */
export type WeightsAlone = { readonly w: Tensor };

/** The parameters of a layer with weights, with biases or without. */
export type WeightsOf<B extends boolean> = B extends false ? WeightsAlone : Weights;

/** Options of every layer with weights. */
export interface WeightOptions<B extends boolean = boolean> {
  /** Maxout pieces: the output is the largest of so many; 1 if left out. */
  readonly pieces?: number;
  /** How weights are made, each piece on its own; {@linkcode orthonormal} if left out. */
  readonly init?: Initializer | undefined;
  /** Whether there are biases; true if left out. Without, the parameters are `w` alone. */
  readonly bias?: B;
  /** The value that biases start from; 0 if left out. */
  readonly biasInit?: number;
}

/** The weights of one piece for inputs of a shape, and into how many groups they fall. */
export interface WeightShape {
  readonly shape: Shape;
  readonly fanIn: number;
  readonly fanOut: number;
  readonly groups?: number;
}

/** One number a piece, [pieces], repeated for each of its channels: [pieces · channels]. */
function spread(factors: Tensor, size: number): Tensor {
  const [pieces] = factors.shape as Tuple<number, 1>;
  const rows = broadcastTo(reshape(factors, [pieces, 1]), [pieces, size / pieces]);
  return reshape(rows, [size]);
}

/** [..., pieces · channels] with each piece multiplied by its factor, [pieces]. */
export const scalePieces = (x: Tensor, factors: Tensor): Tensor =>
  mul(x, spread(factors, x.shape[x.rank - 1]!));

/** The maximum over pieces: [..., pieces · channels] → [..., channels]. */
export function maxOverPieces(y: Tensor, pieces: number): Tensor {
  if (pieces === 1) return y;
  const channels = y.shape[y.rank - 1]! / pieces;
  return max(reshape(y, [...y.shape.slice(0, -1), pieces, channels]), -2);
}

/** Weights of every matrix on its own, put side by side: [k, ..., in, out] → [..., in, k · out]. */
function sideBySide(w: Tensor): Tensor {
  const last = w.rank - 1, [count] = w.shape as Tuple<number, 1>;
  const order = [...w.shape.keys()].slice(1, last);
  const transposed = transpose(w, [...order, 0, last]);
  return reshape(transposed, [...order.map((a) => w.shape[a]!), count * w.shape[last]!]);
}

function makeWeights(key: Key, one: WeightShape, options: WeightOptions): Weights | WeightsAlone {
  const { pieces = 1, init = orthonormal(), bias = true, biasInit = 0 } = options;
  const { shape, fanIn, fanOut, groups = 1 } = one;
  const count = pieces * groups, out = shape[shape.length - 1]! / groups;
  const each = { shape: [...shape.slice(0, -1), out], fanIn, fanOut, count };
  const w = sideBySide(init(key, each));
  return bias ? { w, b: constant(biasInit, [count * out]) } : { w };
}

const proportional = new WeakSet<Unit>();

/** Whether a unit is of {@linkcode weightLayer}: factors of its weights are factors of what they make. */
export const isProportional = (unit: Unit): boolean => proportional.has(unit);

/** The biases of a layer; zeros where it has none. */
const readBiases = (params: WeightsAlone | Weights): Tensor =>
  "b" in params ? params.b : constant(0, [params.w.shape[params.w.rank - 1]!]);

/**
 * A layer with weights.
 *
 * @param shapeFor The weights of one piece for an input; throws on a wrong one.
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
  checkInteger(kind, "pieces", pieces);
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
  };
  proportional.add(unit as Unit);
  const made = layer<Own>(
    kind,
    (key, x) => makeWeights(key, shapeFor(x), options),
    (params, x) => {
      const y = linear(x, params.w);
      return unit.finish("b" in params ? add(y, params.b) : y);
    },
    unit,
  );
  return made as unknown as Layer<WeightsOf<B>> & { readonly unit: Unit<WeightsOf<B>> };
}
