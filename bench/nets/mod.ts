/**
 * The nets that benchmarks train: those of the library, and two that are no nets of images. All without
 * dropout.
 *
 * @module
 */
import * as g from "../../mod.ts";
import { transformerBlock } from "../layers/attention.ts";
import { createModel, type ModelName, type OwnValues } from "../../src/models/registry.ts";

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

const COLOR_32 = [32, 32, 3], GRAY_28 = [28, 28, 1], COLOR_224 = [224, 224, 3];

/** Four blocks on sequences of features, and a classifier of their mean. */
const transformer = (): g.Layer =>
  g.sequential(
    ...Array.from({ length: 4 }, () => transformerBlock(256, 8, 1024)),
    g.nn.stateless("meanToken", (x) => g.ops.mean(x, 1)),
    g.nn.dense(10),
  ) as g.Layer;

const perceptron = (): g.Layer =>
  g.sequential(g.nn.dense(4096), g.nn.relu, g.nn.dense(4096), g.nn.relu, g.nn.dense(10)) as g.Layer;

/** A net of the library, with ReLU unless another activation is named. */
const model = (
  name: ModelName,
  options: g.models.ModelOptions & OwnValues = {},
) =>
(): g.Layer => createModel(name, { activation: "relu", dropout: 0, ...options }) as g.Layer;

const maxoutModel = (name: ModelName) => model(name, { activation: "maxout" });

/** A deeply supervised net, whose companions weigh what its authors' learning rates make of them. */
const deeplySupervised = (net: (options: g.models.DsnOptions) => g.models.Model) => (): g.Layer =>
  net({ activation: "relu", dropout: 0, companionWeight: 0.001 }) as g.Layer;

/** The nets by name; `torch_nets.py` has the same. */
export const NETS = {
  fitnet1: { create: maxoutModel("fitnet1"), input: COLOR_32, gain: 1, batch: 128 },
  fitnet4: { create: maxoutModel("fitnet4"), input: COLOR_32, gain: 1, batch: 32 },
  fitnetMnist: { create: maxoutModel("fitnetMnist"), input: GRAY_28, gain: 1, batch: 64 },
  fitResNet4: { create: maxoutModel("fitResNet4"), input: COLOR_32, gain: 0.5, batch: 32 },
  nin: { create: model("nin"), input: COLOR_32, gain: 2, batch: 32 },
  ninMnist: { create: model("ninMnist"), input: GRAY_28, gain: 2, batch: 32 },
  allCnn: { create: model("allCnn"), input: COLOR_32, gain: 2, batch: 32 },
  largeAllCnn: {
    create: model("largeAllCnn", { activation: "vlrelu" }),
    input: [126, 126, 3],
    gain: 1,
    batch: 4,
  },
  dsn: { create: deeplySupervised(g.models.dsn), input: COLOR_32, gain: 2, batch: 32 },
  dsnMnist: { create: deeplySupervised(g.models.dsnMnist), input: GRAY_28, gain: 2, batch: 32 },
  minNet: { create: maxoutModel("minNet"), input: COLOR_32, gain: 2, batch: 16 },
  minNetMnist: { create: maxoutModel("minNetMnist"), input: GRAY_28, gain: 2, batch: 32 },
  maxoutNet: { create: maxoutModel("maxoutNet"), input: COLOR_32, gain: 0.5, batch: 16 },
  maxoutNetMnist: { create: maxoutModel("maxoutNetMnist"), input: GRAY_28, gain: 0.5, batch: 64 },
  highway19: { create: model("highway19"), input: COLOR_32, gain: 2, batch: 32 },
  highwayMlp: { create: model("highwayMlp"), input: GRAY_28, gain: 2, batch: 128 },
  highway10: { create: model("highway10"), input: GRAY_28, gain: 2, batch: 64 },
  vggCifar: { create: model("vggCifar"), input: COLOR_32, gain: 2, batch: 32 },
  vggCifarPlain: {
    create: model("vggCifar", { batchnorm: "no" }),
    input: COLOR_32,
    gain: 2,
    batch: 32,
  },
  resnet20: { create: model("resnet20"), input: COLOR_32, gain: 2, batch: 64 },
  resnet56: { create: model("resnet56"), input: COLOR_32, gain: 2, batch: 32 },
  caffenet: {
    create: model("caffenet", { classes: 1000 }),
    input: [227, 227, 3],
    gain: 1,
    batch: 8,
  },
  googlenet: { create: model("googlenet", { classes: 1000 }), input: COLOR_224, gain: 1, batch: 4 },
  googlenetNorm: {
    create: model("googlenet", { classes: 1000, batchnorm: "yes" }),
    input: COLOR_224,
    gain: 2,
    batch: 8,
  },
  vgg16: { create: model("vgg16", { classes: 1000 }), input: COLOR_224, gain: 1, batch: 2 },
  vgg19: { create: model("vgg19", { classes: 1000 }), input: COLOR_224, gain: 1, batch: 2 },
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
  & (
    | { readonly scale: number }
    /** `learned`: a running statistic, which no gradient trains. */
    | { readonly value: number; readonly learned?: true }
  );

/** The start of each parameter in order: weights of variance gain / fan-in, factors 1, and zeros. */
export const startOf = (params: g.Params, gain = 1): readonly Start[] =>
  g.tree.entries<g.Tensor>(params).map(([path, { shape }]): Start => {
    const name = path.slice(path.lastIndexOf(".") + 1);
    if (name === "mean") return { shape, value: 0, learned: true };
    if (name === "variance") return { shape, value: 1, learned: true };
    if (name !== "w") return { shape, value: name === "scale" ? 1 : 0 };
    const fanIn = shape.slice(0, -1).reduce((n, d) => n * d, 1);
    return { shape, scale: Math.sqrt(3 * gain / fanIn) };
  });
