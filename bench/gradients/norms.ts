/**
 * How much of the first gradient reaches the layers of FitNet-4: its norm in the weights of each, on a batch of
 * noise with random labels.
 *
 * @module
 */
import * as g from "../../mod.ts";
import type { Data } from "../../src/host_data.ts";

/** Initial weights by their names in the paper's table 3. */
export const STARTS = {
  LSUV: g.init.orthonormal(),
  OrthoNorm: g.init.orthonormal(),
  Xavier: g.init.xavierFanIn,
  MSRA: g.init.he,
  "Gaussian 0.01": g.init.gaussian(0.01),
} as const satisfies Readonly<Record<string, g.init.Initializer>>;

/** The activations of the paper's table 3 that train, by their names there. */
export const ACTIVATIONS = {
  maxout: "maxout",
  ReLU: "relu",
  VLReLU: "vlrelu",
  tanh: "tanh",
} as const satisfies Readonly<Record<string, g.models.Activation>>;

/** The layers of FitNet-4 of which tables have a number. */
export const SHOWN_LAYERS = {
  "first convolution": 0,
  "ninth": 8,
  "last convolution": 16,
  "classifier": 18,
} as const;

/** Which net, and on how many images. */
export interface Choice {
  readonly activation: keyof typeof ACTIVATIONS;
  readonly start: keyof typeof STARTS;
  readonly batch: number;
  readonly seed: number;
}

/** The first loss, and the norm of its gradient in the weights of each layer, from the input on. */
export interface FirstGradient {
  readonly activation: string;
  readonly start: string;
  readonly loss: number;
  readonly norms: readonly number[];
}

const norm = (x: g.Tensor): g.Tensor => g.ops.sqrt(g.ops.sum(g.ops.mul(x, x)));

/** Measures one net without dropout. */
export async function firstGradient(run: g.Runtime, choice: Choice): Promise<FirstGradient> {
  const { activation, start, batch, seed } = choice;
  const net = g.models.fitnet4({
    activation: ACTIVATIONS[activation],
    dropout: 0,
    init: STARTS[start],
  });
  const measure = run.jit((key: g.Key) => {
    const [imageKey, labelKey, weightKey] = g.split(key, 3);
    const x = g.normal(imageKey, [batch, 32, 32, 3]);
    const y = g.ops.cast(g.uniform(labelKey, [batch], 0, 10), "i32");
    const made = net.init(weightKey, x), params = start === "LSUV" ? g.lsuv(net, made, x) : made;
    const [loss, grads] = g.valueAndGrad((p: readonly g.Params[]) =>
      g.ops.mean(g.nn.softmaxCrossEntropy(net(p, x), y))
    )(params);
    return [loss, ...grads.flatMap((each) => "w" in each ? [norm(each.w as g.Tensor)] : [])];
  });
  const [loss, ...norms] = await run.read(measure(g.key(seed))) as [Data, ...Data[]];
  return { activation, start, loss: Number(loss[0]), norms: norms.map((each) => Number(each[0])) };
}
