/**
 * How much of the gradient reaches the layers of FitNet-4, with LSUV and with Gaussian weights of standard
 * deviation 0.01: the norm of the loss's gradient in the weights of some layers, on one batch of noise with
 * random labels.
 *
 *     deno run -P=bench bench/gradient_by_depth.ts [webgpu|reference] [batch]
 *
 * @module
 */
import * as g from "../mod.ts";
import type { Data } from "../src/host_data.ts";

const [device = "webgpu", size = "16"] = Deno.args;
await using run = await g.open({ device: device as "webgpu" });
const [imageKey, labelKey, weightKey] = g.split(g.key(0), 3);
const images = run.jit((k: g.Key) => g.normal(k, [Number(size), 32, 32, 3]))(imageKey);
const labels = run.jit((k: g.Key) => g.ops.cast(g.uniform(k, [Number(size)], 0, 10), "i32"))(
  labelKey,
);
type Weights = { readonly w: g.Tensor };

console.log(`${run.description}, batch ${size}: norm of the gradient`);
console.log("activation  init      loss     first conv   ninth conv   last conv    classifier");
for (const activation of ["maxout", "relu", "tanh"] satisfies g.models.Activation[]) {
  for (const start of ["lsuv", "gaussian"] as const) {
    const init = start === "lsuv" ? g.init.orthonormal() : g.init.gaussian(0.01);
    const net = g.models.fitnet4({ activation, dropout: 0, init });
    const norms = run.jit((k: g.Key, x: g.Tensor, y: g.Tensor) => {
      const made = net.init(k, x), params = start === "lsuv" ? g.lsuv(net, made, x) : made;
      const [loss, grads] = g.valueAndGrad((p: readonly g.Params[]) =>
        g.ops.mean(g.nn.softmaxCrossEntropy(net(p, x), y))
      )(params);
      const weights = grads.filter((p) => "w" in p).map((p) => (p as Weights).w);
      const chosen = [0, 8, 16, 18].map((i) => weights[i]);
      return [loss, ...chosen.map((each) => g.ops.sqrt(g.ops.sum(g.ops.mul(each!, each!))))];
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
