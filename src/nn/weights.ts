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
import { checkWhole } from "./check.ts";
import { layer } from "./define_layer.ts";
import type { Layer, Unit } from "./layer.ts";
import type { Tuple } from "../tuple.ts";

/** Weights w [..., in, pieces · out] and biases b [pieces · out]. */
export type Weights = { readonly w: Tensor; readonly b: Tensor };

/** Options of every layer with weights. */
export interface WeightOptions {
  /** Maxout pieces: the output is the largest of so many; 1 if left out. */
  readonly pieces?: number;
  /** How weights are made, each piece on its own; {@linkcode orthonormal} if left out. */
  readonly init?: Initializer | undefined;
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
  const turned = transpose(w, [...order, 0, last]);
  return reshape(turned, [...order.map((a) => w.shape[a]!), count * w.shape[last]!]);
}

function makeWeights(key: Key, one: WeightShape, options: WeightOptions): Weights {
  const { pieces = 1, init = orthonormal(), biasInit: biasInit = 0 } = options;
  const { shape, fanIn, fanOut, groups = 1 } = one;
  const count = pieces * groups, out = shape[shape.length - 1]! / groups;
  const each = { shape: [...shape.slice(0, -1), out], fanIn, fanOut, count };
  return {
    w: sideBySide(init(key, each)),
    b: constant(biasInit, [count * out]),
  };
}

const proportional = new WeakSet<Unit>();

/** Whether a unit is of {@linkcode weightLayer}: factors of its weights are factors of what they make. */
export const isProportional = (unit: Unit): boolean => proportional.has(unit);

/**
 * A layer with weights.
 *
 * @param shapeFor The weights of one piece for an input; throws on a wrong one.
 * @param linear x and weights to [..., pieces · channels]; throws on a wrong x.
 */
export function weightLayer(
  kind: string,
  options: WeightOptions,
  shapeFor: (x: Spec) => WeightShape,
  linear: (x: Tensor, w: Tensor) => Tensor,
): Layer<Weights> & { readonly unit: Unit<Weights> } {
  const { pieces = 1 } = options;
  checkWhole(kind, "pieces", pieces);
  const unit: Unit<Weights> = {
    pieces,
    linear: ({ w }, x) => linear(x, w),
    bias: ({ b }) => b,
    finish: (y) => maxOverPieces(y, pieces),
    scale: ({ w, b }, factors) => ({ w: scalePieces(w, factors), b }),
  };
  proportional.add(unit as Unit);
  const made = layer<Weights>(
    kind,
    (key, x) => makeWeights(key, shapeFor(x), options),
    ({ w, b }, x) => unit.finish(add(linear(x, w), b)),
    unit,
  );
  return made as typeof made & { readonly unit: Unit<Weights> };
}
