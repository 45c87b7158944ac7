/**
 * How much of the gradient reaches the layers of FitNet-4, from LSUV and from plain Gaussian weights of
 * standard deviation 0.01: the norm of the loss's gradient in the weights of some layers, on one batch of
 * noise with random labels.
 *
 *     deno run -A bench/gradient_by_depth.ts [webgpu|reference] [batch]
 *
 * @module
 */
import {
  type Activation,
  fitnet4,
  gaussian,
  type Key,
  key,
  lsuv,
  normal,
  open,
  ops,
  orthonormal,
  type Params,
  softmaxCrossEntropy,
  split,
  type Tensor,
  uniform,
  valueAndGrad,
} from "../mod.ts";
import type { Data } from "../src/host_data.ts";

const [device = "webgpu", size = "16"] = Deno.args;
await using run = await open({ device: device as "webgpu" });
const [imageKey, labelKey, weightKey] = split(key(0), 3);
const images = run.jit((k: Key) => normal(k, [Number(size), 32, 32, 3]))(imageKey);
const labels = run.jit((k: Key) => ops.cast(uniform(k, [Number(size)], 0, 10), "i32"))(labelKey);
type Weights = { readonly w: Tensor };

console.log(`${run.description}, batch ${size}: norm of the gradient`);
console.log("activation  init      loss     first conv   ninth conv   last conv    classifier");
for (const activation of ["maxout", "relu", "tanh"] satisfies Activation[]) {
  for (const start of ["lsuv", "gaussian"] as const) {
    const init = start === "lsuv" ? orthonormal() : gaussian(0.01);
    const net = fitnet4({ activation, dropout: 0, init });
    const norms = run.jit((k: Key, x: Tensor, y: Tensor) => {
      const made = net.init(k, x), params = start === "lsuv" ? lsuv(net, made, x) : made;
      const [loss, grads] = valueAndGrad((p: readonly Params[]) =>
        softmaxCrossEntropy(net(p, x), y)
      )(params);
      const weights = grads.filter((p) => "w" in p).map((p) => (p as Weights).w);
      const chosen = [0, 8, 16, 18].map((i) => weights[i]);
      return [loss, ...chosen.map((g) => ops.sqrt(ops.sum(ops.mul(g!, g!))))];
    });
    const [loss, ...rest] = await run.read(norms(weightKey, images, labels)) as [Data, ...Data[]];
    const cells = rest.map((v) => v[0]!.toExponential(2).padEnd(12));
    console.log(
      `${activation.padEnd(11)} ${start.padEnd(9)} ${loss[0]!.toFixed(4).padEnd(8)} ${
        cells.join(" ")
      }`
        .trimEnd(),
    );
  }
}
