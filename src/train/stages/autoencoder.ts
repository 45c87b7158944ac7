/**
 * Greedy layer-wise pre-training by autoencoders.
 *
 * @module
 */
import { grad } from "../../grad.ts";
import { layer } from "../../nn/define_layer.ts";
import type { Layer, Unit } from "../../nn/layer.ts";
import { add, constant, mean, mul, sub, sum } from "../../ops/mod.ts";
import { sameShape } from "../../shape.ts";
import type { Spec } from "../../spec.ts";
import { type Params, placeholder, type Tensor } from "../../tensor.ts";
import { leaves } from "../../tree.ts";
import { applyLayers, type Stage } from "./stage.ts";

/** The parameters of an autoencoder: those of its layer, and offsets of the reconstruction, per channel. */
type Autoencoder = { readonly layer: Params; readonly offset: Tensor };

/** A net as a list of layers in sequence. */
type Chain = Layer & { readonly layers: readonly Layer[] };

/** The weights of a unit, transposed, times y: the gradient of ⟨y, weights · x⟩ with respect to x. */
const applyTransposed = (unit: Unit, params: Params, x: Spec, y: Tensor): Tensor =>
  grad((x: Tensor) => sum(mul(unit.linear(params, x), y)))(constant(0, x.shape));

/** A function of a tensor. */
type TensorMap = (x: Tensor) => Tensor;

/** The layers after one, while they have no parameters and keep the shape of its output: its activation. */
function activationAfter(
  layers: readonly Layer[],
  params: readonly Params[],
  at: number,
  x: Tensor,
): TensorMap {
  const isPointwise = (next: Layer, i: number) =>
    leaves<Tensor>(params[i]!).length === 0 && sameShape(next(params[i]!, x).shape, x.shape);
  const end = layers.findIndex((next, i) => i > at && !isPointwise(next, i));
  return (y) => applyLayers(layers.slice(at + 1, end), params.slice(at + 1, end), y);
}

/** The autoencoder of a layer: what enters it, to the mean squared error of its reconstruction, f32[batch]. */
function autoencoder(
  unit: Unit,
  activation: TensorMap,
  below: TensorMap,
): Layer<Autoencoder> {
  return layer<Autoencoder>("autoencoder", () => {
    throw new TypeError("autoencoder: expected the parameters of a layer, which its stage has");
  }, ({ layer: params, offset }, images) => {
    const x = below(images), linear = add(unit.linear(params, x), unit.bias(params));
    const code = activation(linear);
    const error = sub(add(applyTransposed(unit, params, x, code), offset), x);
    return mean(mul(error, error), x.shape.slice(1).map((_, i) => i + 1));
  });
}

/** The units before the last, which is the classifier, by their index. */
function hiddenUnits(layers: readonly Layer[]): readonly (readonly [number, Layer])[] {
  const units = [...layers.entries()].filter(([, { unit }]) => unit);
  return units.slice(0, -1);
}

/**
 * The stages of greedy layer-wise pre-training: Bengio, Lamblin, Popovici & Larochelle, "Greedy Layer-Wise
 * Training of Deep Networks" (2007), section 4.2 and appendix. Each convolution or dense layer of a list,
 * except the last, is trained in turn as an autoencoder with tied weights: what enters it is reconstructed
 * from its code, its output after the activation (of all maxout pieces, before their maximum), by the same
 * weights transposed and an offset per channel. The layers below it are frozen and run without dropout. The
 * error is squared, and its mean is minimized.
 *
 * @param net A list of layers in sequence; layers with parameters of other kinds are passed through.
 * @param x The spec of a batch of inputs.
 * @throws RangeError on fewer than two convolutions or dense layers.
 *
 * @example
 * ```ts
 * import { nn, placeholder, sequential, train } from "@goodinit/goodinit";
 *
 * const net = sequential(nn.conv(4, 3), nn.relu, nn.flatten, nn.dense(16), nn.tanh, nn.dense(10));
 * const stages = train.autoencoderStages(net, placeholder({ shape: [8, 28, 28, 1], dtype: "f32" }));
 * console.assert(stages.map(({ name }) => name).join() === "[0] conv,[3] dense");
 * ```
 */
export function autoencoderStages<P extends readonly Params[]>(
  net: Layer<P> & { readonly layers: readonly Layer[] },
  x: Spec,
): readonly Stage<P>[] {
  const { layers } = net as unknown as Chain, units = hiddenUnits(layers);
  if (units.length === 0) {
    throw new RangeError(
      `autoencoderStages: expected a net with layers before its last one with weights, found ${
        layers.map(({ kind }) => kind).join(", ")
      }`,
    );
  }
  return units.map(([at, { kind, unit }]): Stage<P> => ({
    name: `[${at}] ${kind}`,
    prepare(params) {
      const under = layers.slice(0, at), own = params[at]!;
      const below = (images: Tensor) => applyLayers(under, params.slice(0, at), images);
      const input = below(placeholder(x)), channels = input.shape.at(-1)!;
      const linear = unit!.linear(own, placeholder(input));
      return {
        net: autoencoder(unit!, activationAfter(layers, params, at, linear), below) as Layer,
        params: { layer: own, offset: constant(0, [channels]) },
        objective: ({ output }) => output,
        merge: (trained) => params.with(at, (trained as Autoencoder).layer) as unknown as P,
      };
    },
  }));
}
