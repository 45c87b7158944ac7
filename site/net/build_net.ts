/**
 * The net of a setting: a plain chain of convolutions, as deep as the visitor likes.
 *
 * @module
 */
import { init, type Layer, nn, sequential } from "../../mod.ts";
import type { ActivationName, Setting, StartName } from "./setting.ts";

/** The classes of the images. */
export const CLASSES = 10;

const INITIALIZERS: Readonly<Record<StartName, init.Initializer>> = {
  gaussian: init.gaussian(0.01),
  xavier: init.glorot,
  he: init.he,
  orthonormal: init.orthonormal(),
};

const PLAIN = { relu: nn.relu, vlrelu: nn.vlrelu, tanh: nn.tanh, sigmoid: nn.sigmoid } as const;

const activationLayers = (name: ActivationName): readonly Layer[] =>
  name === "maxout" ? [] : [PLAIN[name]];

/** A net, and where its layers with weights are. */
export interface BuiltNet {
  readonly net: Layer & { readonly layers: readonly Layer[] };
  /** The indices of the layers with weights, in their order. */
  readonly weighted: readonly number[];
}

/**
 * Builds a net: `depth` - 1 convolutions of 3 × 3, each with its activation, two poolings at the thirds, and
 * a dense classifier.
 */
export function buildNet({ activation, depth, width, start }: Setting): BuiltNet {
  const pieces = activation === "maxout" ? 2 : 1, initializer = INITIALIZERS[start];
  const pooled = [Math.round(depth / 3), Math.round(2 * depth / 3)];
  const layers: Layer[] = [], weighted: number[] = [];
  for (let i = 1; i < depth; i++) {
    weighted.push(layers.length);
    layers.push(nn.conv(width, 3, { padding: 1, pieces, init: initializer }));
    layers.push(...activationLayers(activation));
    if (pooled.includes(i)) layers.push(nn.maxPool(2));
  }
  layers.push(nn.flatten);
  weighted.push(layers.length);
  layers.push(nn.dense(CLASSES, { init: initializer }));
  return { net: sequential(...layers), weighted };
}
