/**
 * The nets that benchmarks train: the FitNets, nets that the paper compares them with, and others, all
 * without dropout.
 *
 * @module
 */
import * as g from "../../mod.ts";
import { transformerBlock } from "../layers/attention.ts";
import { caffenet, maxout, nin, resnet20, vgg } from "./images.ts";

/** A net to train. */
export interface Net {
  readonly create: () => g.Layer;
  /** The shape of an example. */
  readonly input: readonly number[];
  /** The variance of its weights times their fan-in: 2 before ReLU, 1 elsewhere, less where losses explode. */
  readonly gain: number;
  /** The examples of a batch, where there is one size only. */
  readonly batch: number;
}

const COLOR_32 = [32, 32, 3], GRAY_28 = [28, 28, 1];

/** Four blocks on sequences of features, and a classifier of their mean. */
const transformer = (): g.Layer =>
  g.sequential(
    ...Array.from({ length: 4 }, () => transformerBlock(256, 8, 1024)),
    g.nn.stateless("meanToken", (x) => g.ops.mean(x, 1)),
    g.nn.dense(10),
  ) as g.Layer;

const perceptron = (): g.Layer =>
  g.sequential(g.nn.dense(4096), g.nn.relu, g.nn.dense(4096), g.nn.relu, g.nn.dense(10)) as g.Layer;

/** The nets by name; `torch_nets.py` has the same. */
export const NETS = {
  fitnet1: { create: () => g.models.fitnet1(), input: COLOR_32, gain: 1, batch: 128 },
  fitnet4: { create: () => g.models.fitnet4({ dropout: 0 }), input: COLOR_32, gain: 1, batch: 32 },
  fitnetMnist: {
    create: () => g.models.fitnetMnist({ dropout: 0 }),
    input: GRAY_28,
    gain: 1,
    batch: 64,
  },
  nin: { create: nin, input: COLOR_32, gain: 2, batch: 32 },
  allCnn: {
    create: () => g.models.allCnn({ activation: "relu", dropout: 0 }),
    input: COLOR_32,
    gain: 2,
    batch: 32,
  },
  maxout: { create: maxout, input: COLOR_32, gain: 0.5, batch: 16 },
  vgg: { create: vgg, input: COLOR_32, gain: 2, batch: 32 },
  resnet20: { create: resnet20, input: COLOR_32, gain: 2, batch: 64 },
  caffenet: { create: caffenet, input: [227, 227, 3], gain: 1, batch: 8 },
  transformer: { create: transformer, input: [128, 256], gain: 1, batch: 16 },
  perceptron: { create: perceptron, input: [784], gain: 2, batch: 128 },
} as const satisfies Record<string, Net>;

/** One of {@linkcode NETS}. */
export type NetName = keyof typeof NETS;

/** The shape of a batch of a net's inputs. */
export const inputsFor = (net: NetName, batch: number): g.Spec => ({
  shape: [batch, ...NETS[net].input],
  dtype: "f32",
});

/** How a parameter starts: at random numbers between `-scale` and `scale`, or all at one value. */
export type Start =
  & { readonly shape: readonly number[] }
  & ({ readonly scale: number } | { readonly value: number });

/** The start of each parameter in order: weights of variance gain / fan-in, factors 1, and zeros. */
export const startOf = (params: g.Params, gain = 1): readonly Start[] =>
  g.tree.entries<g.Tensor>(params).map(([path, { shape }]) => {
    if (!path.endsWith("w")) return { shape, value: path.endsWith("gamma") ? 1 : 0 };
    const fanIn = shape.slice(0, -1).reduce((n, d) => n * d, 1);
    return { shape, scale: Math.sqrt(3 * gain / fanIn) };
  });
