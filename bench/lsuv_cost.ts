/**
 * What LSUV costs on one fixed batch, in forward passes of the same net on the same batch.
 *
 *     deno run -A bench/lsuv_cost.ts [webgpu|reference] [batch]
 *
 * @module
 */
import {
  ACTIVATIONS,
  fitnet1,
  fitnet4,
  fitnetMnist,
  type Key,
  key,
  lsuv,
  normal,
  open,
  ops,
  type Params,
  type Tensor,
} from "../mod.ts";
import { repeat, round } from "./measure.ts";

const [device = "webgpu", size = "32"] = Deno.args;
await using run = await open({ device: device as "webgpu" });
console.log(`${run.description}, batch ${size}`);
console.log("net          activation  forward ms  LSUV ms  passes");
for (const [name, make] of Object.entries({ fitnet1, fitnet4, fitnetMnist })) {
  const shape = name === "fitnetMnist" ? [28, 28, 1] : [32, 32, 3];
  const x = run.jit((k: Key) => normal(k, [Number(size), ...shape]))(key(1));
  for (const activation of ACTIVATIONS) {
    const net = make({ activation });
    const params = run.jit((k: Key, x: Tensor) => net.init(k, x))(key(0), x);
    const forward = run.jit((p: readonly Params[], x: Tensor) => ops.sum(net(p, x)));
    // One number of the result depends on every layer's scale: the classifier comes last.
    const scaled = run.jit((p: readonly Params[], x: Tensor) => lsuv(net.layers, p, x));
    const first = run.jit((p: readonly Params[]) => ops.sum((p.at(-1) as { w: Tensor }).w));
    const pass = await repeat(async () => (await run.read(forward(params, x)))[0], 3000);
    const whole = await repeat(async () => (await run.read(first(scaled(params, x))))[0], 3000);
    console.log(
      `${name.padEnd(12)} ${activation.padEnd(10)} ${round(pass.ms, 1).toFixed(1).padStart(11)} ${
        round(whole.ms, 1).toFixed(1).padStart(8)
      } ${round(whole.ms / pass.ms).toFixed(2).padStart(7)}`,
    );
  }
}
