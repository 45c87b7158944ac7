/**
 * Highway layers of one dense layer or convolution, whose gate is another of the same form.
 *
 * @module
 */
import type { PerAxis } from "../ops/mod.ts";
import type { Params } from "../tensor.ts";
import { relu } from "./activations.ts";
import { highway } from "./branches.ts";
import { sequential } from "./compose.ts";
import { conv } from "./conv.ts";
import { dense } from "./dense.ts";
import type { Initializer } from "./initializers/initializer.ts";
import type { Layer } from "./layer.ts";
import type { Weights } from "./weights.ts";

/** Options of {@linkcode highwayDense} and {@linkcode highwayConv}. */
export interface HighwayOptions {
  /** The bias at which the transform gate starts: negative, so that at first x passes; -2 if left out. */
  readonly transformBias?: number | undefined;
  /** The activation of what x is transformed to; `relu` if left out, or none if there are pieces. */
  readonly activation?: Layer | undefined;
  /** Maxout pieces of what x is transformed to; 1 if left out. */
  readonly pieces?: number | undefined;
  /** The initializer of both weights; orthonormal if left out. */
  readonly init?: Initializer | undefined;
}

/** The parameters of what x is transformed to: its weights, then those of its activation, if there is one. */
export type HighwayTransform = readonly [Weights, ...Params[]];

/** A highway layer with weights: the parameters of its transform, then those of its gate. */
export type HighwayLayer = Layer<readonly [HighwayTransform, Weights]> & {
  readonly layers: readonly [Layer<HighwayTransform>, Layer<Weights>];
};

/** The options of either layer with weights. */
interface Own {
  readonly pieces?: number;
  readonly init?: Initializer | undefined;
  readonly biasInit?: number;
}

function highwayOf(
  make: (options: Own) => Layer<Weights>,
  { transformBias = -2, pieces = 1, activation = pieces > 1 ? undefined : relu, init }:
    HighwayOptions,
): HighwayLayer {
  const weights = make({ pieces, init });
  const transform = activation ? sequential(weights, activation) : sequential(weights);
  const gate = make({ init, biasInit: transformBias });
  return highway(transform as Layer, gate) as unknown as HighwayLayer;
}

/**
 * A dense highway layer, [batch, units] → [batch, units]: t · h(x) + (1 - t) · x, where h is a dense layer and
 * its activation, and the gate t = σ of a dense layer. Srivastava, Greff & Schmidhuber, "Training Very Deep
 * Networks" (2015), section 2. LSUV measures both.
 *
 * @param units The features of x and of the result.
 *
 * @example
 * ```ts
 * import { key, nn, normal, sequential } from "@goodinit/goodinit";
 *
 * const net = sequential(nn.dense(50), nn.relu, nn.highwayDense(50, { transformBias: -1 }), nn.dense(10));
 * const x = normal(key(1), [8, 20]);
 * console.assert(net(net.init(key(0), x), x).shape.join() === "8,10");
 * ```
 */
export const highwayDense = (units: number, options: HighwayOptions = {}): HighwayLayer =>
  highwayOf((own) => dense(units, own), options);

/**
 * A highway layer of convolutions, [batch, height, width, channels] → the same shape, as
 * {@linkcode highwayDense}; the image is padded with zeros to keep its size.
 *
 * @param channels The channels of x and of the result.
 * @param size Height and width of both windows, in pixels, or [height, width].
 *
 * @example
 * ```ts
 * import { key, nn, placeholder } from "@goodinit/goodinit";
 *
 * const layer = nn.highwayConv(4, 3), x = placeholder({ shape: [2, 8, 8, 4], dtype: "f32" });
 * const params = layer.init(key(0), x);
 * console.assert(layer(params, x).shape.join() === "2,8,8,4" && params[1].w.shape.join() === "3,3,4,4");
 * ```
 */
export const highwayConv = (
  channels: number,
  size: PerAxis,
  options: HighwayOptions = {},
): HighwayLayer => highwayOf((own) => conv(channels, size, { ...own, padding: "same" }), options);
