/**
 * Whole training steps: forward, backward, SGD with momentum 0.9, the loss read back each time. Weights
 * and batch are deterministic numbers that other libraries can make as well, so that losses can be
 * compared: FitNet-1 at batch 32 gives 5.09948, 3.40737, 2.51000, 2.26457.
 *
 *     deno run -A bench/training_step.ts [webgpu|cpu|reference] [fitnet1|fitnet4|fitnetMnist] [batch]
 *
 * With `--threads N` and `--wide` as on the training tasks; with `--profile` a table of the kernels follows. Each is measured then, which takes time itself.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import {
  fitnet1,
  fitnet4,
  fitnetMnist,
  key,
  leaves,
  open,
  type Params,
  sgd,
  softmaxCrossEntropy,
  type Spec,
  type Tensor,
  tensor,
  valueAndGrad,
} from "../mod.ts";
import { unflatten } from "../src/tree.ts";
import { profileTable } from "../tasks/profile_table.ts";
import { fill } from "../tests/golden/fill.ts";
import { peakMiB, repeat, round } from "./measure.ts";

const { profile, wide, threads, _: [device = "webgpu", name = "fitnet1", size = 128] } = parseArgs(
  Deno.args,
  { boolean: ["profile", "wide"], string: ["threads"] },
);
const batch = Number(size);
const nets = { fitnet1, fitnet4, fitnetMnist };
const net = nets[name as keyof typeof nets]({ dropout: 0 });
const pixels: Spec = {
  shape: name === "fitnetMnist" ? [batch, 28, 28, 1] : [batch, 32, 32, 3],
  dtype: "f32",
};

await using run = await open({
  device: device as "webgpu",
  threads: threads === undefined ? undefined : Number(threads),
  wide,
  profile,
});
const start = unflatten<unknown, Tensor, Tensor>(
  net.init(key(0), pixels),
  leaves<Tensor>(net.init(key(0), pixels)).map(({ shape, size }, i) => {
    const fanIn = shape.slice(0, -1).reduce((n, d) => n * d, 1);
    return tensor(i % 2 ? new Float32Array(size) : fill(size, i, Math.sqrt(3 / fanIn)), shape);
  }),
) as readonly Params[];
const optimizer = sgd({ rate: 0.001, momentum: 0.9 });
const images = tensor(
  fill(pixels.shape.reduce((n, d) => n * d, 1), 1000, Math.sqrt(3)),
  pixels.shape,
);
const labels = tensor(Int32Array.from(fill(batch, 1001, 5), (v) => Math.floor(v + 5)));

type State = ReturnType<typeof optimizer.init>;
const step = run.jit(
  function step(params: readonly Params[], state: State, x: Tensor, y: Tensor) {
    const loss = (p: readonly Params[]) => softmaxCrossEntropy(net(p, x), y);
    const [value, gradient] = valueAndGrad(loss)(params);
    const [after, next] = optimizer.step(params, gradient, state);
    return { params: after, state: next, loss: value };
  },
  { donate: [0, 1] },
);
let params = start, state = optimizer.init(start);
let calls = 0;
const timing = await repeat(async () => {
  // The profile leaves out the two calls that `repeat` leaves out.
  if (calls++ === 2 && profile) await run.profile();
  const after = step(params, state, images, labels);
  ({ params, state } = after);
  return (await run.read(after.loss))[0];
});
console.log(JSON.stringify({
  library: "goodinit",
  device: run.description,
  task: `${name}-${batch}`,
  ms: round(timing.ms),
  imagesPerSecond: round(batch / timing.ms * 1000, 1),
  calls: timing.calls,
  firstMs: Math.round(timing.firstMs),
  peakMiB: peakMiB(),
  memory: run.memory(),
  losses: timing.values.map((v) => round(v, 6)),
}));
if (profile) console.log(profileTable(await run.profile(), await run.ceilings()));
