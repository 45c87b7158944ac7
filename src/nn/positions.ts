/**
 * Positional encodings: what tells an attention layer where a token stands.
 *
 * @module
 */
import { add, reshape, slice } from "../ops/mod.ts";
import { type Shape, showShape } from "../shape.ts";
import { showSpec, type Spec } from "../spec.ts";
import { owning, type Tensor } from "../tensor.ts";
import { checkInput } from "./check.ts";
import { layer, stateless } from "./define_layer.ts";
import { gaussian, type Initializer } from "./initializers/initializer.ts";
import type { Layer, NoParams } from "./layer.ts";
import type { WeightsAlone } from "./weights.ts";

/** Checks sequences, and returns their [time, features]. */
function sizesOf(kind: string, x: Spec): Shape {
  checkInput(kind, x, 3, "f32 sequences [batch, time, features]");
  return x.shape.slice(1);
}

/** sin and cos of position / 10000^(feature / features), in turn. */
function waves([time, features]: Shape): Tensor {
  const values = new Float32Array(time! * features!);
  for (let at = 0; at < time!; at++) {
    for (let feature = 0; feature < features!; feature++) {
      const angle = at / 10000 ** ((feature - feature % 2) / features!);
      values[at * features! + feature] = feature % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return owning(values, [time!, features!]);
}

/**
 * Sequences [batch, time, features] plus sines and cosines of their positions, of wavelengths from 2π to
 * 20000π: Vaswani et al., "Attention Is All You Need" (2017), section 3.5. Without parameters, for any length.
 *
 * @example
 * ```ts
 * import { nn, open, ops } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(nn.sinusoidalPositions([], ops.constant(0, [1, 2, 4])));
 * console.assert(y[0] === 0 && y[1] === 1 && Math.abs(y[4]! - Math.sin(1)) < 1e-6);
 * ```
 */
export const sinusoidalPositions: Layer<NoParams> = stateless(
  "sinusoidalPositions",
  (x) => add(x, waves(sizesOf("sinusoidalPositions", x))),
);

/** Options of {@linkcode learnedPositions}. */
export interface PositionOptions {
  /** The initializer of the vectors; `gaussian(0.02)` if left out, as in GPT-2 and ViT. */
  readonly init?: Initializer | undefined;
}

/**
 * Sequences [batch, time, features] plus a learned vector for each position: weights [time, features], for
 * sequences as long as those of `init` or shorter. LSUV leaves the weights as they are, and lists them.
 *
 * @throws RangeError on longer sequences than its weights are for, or ones of other features.
 *
 * @example
 * ```ts
 * import { key, nn, normal } from "@goodinit/goodinit";
 *
 * const layer = nn.learnedPositions(), x = normal(key(1), [8, 16, 32]);
 * const params = layer.init(key(0), x);
 * console.assert(params.w.shape.join() === "16,32" && layer(params, x).shape.join() === "8,16,32");
 * ```
 */
export function learnedPositions(
  { init = gaussian(0.02) }: PositionOptions = {},
): Layer<WeightsAlone> {
  return layer<WeightsAlone>("learnedPositions", (key, x) => {
    const shape = sizesOf("learnedPositions", x), [time, features] = shape;
    return { w: reshape(init(key, { count: 1, shape, fanIn: time!, fanOut: features! }), shape) };
  }, ({ w }, x) => {
    const [time, features] = sizesOf("learnedPositions", x);
    if (features === w.shape[1] && time! <= w.shape[0]!) return add(x, slice(w, [0], [time!]));
    throw new RangeError(
      `learnedPositions: expected sequences of at most ${
        showShape(w.shape)
      }, as its weights, found ${showSpec(x)}`,
    );
  });
}
