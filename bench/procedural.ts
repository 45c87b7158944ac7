/**
 * How well a linear softmax classifier and FitNet-1 with LSUV learn procedural images: accuracy on 1,000
 * test images after each epoch of training on 5,000.
 *
 *     deno run -P=bench bench/procedural.ts [cpu|webgpu] [epochs]
 *
 * @module
 */
import {
  data,
  fit,
  type Key,
  key,
  type Layer,
  lsuv,
  models,
  nn,
  open,
  optim,
  sequential,
  type Tensor,
  tensor,
} from "../mod.ts";

const [device = "cpu", count = "10"] = Deno.args;
const batch = 64, epochs = Number(count);
const began = performance.now();
const { train, test } = data.prepareCifar(
  data.procedural({ split: "train", count: 5000 }),
  data.procedural({ split: "test", count: 1000 }),
);
console.log(`6,000 images made in ${((performance.now() - began) / 1000).toFixed(1)} s`);
await using run = await open({ device: device as "cpu" });
console.log(run.description);

/** Test accuracy in percent after each epoch, the rate divided by 10 as in the paper. */
async function accuracies(net: Layer & { readonly layers: readonly Layer[] }, rate: number) {
  const { images } = data.trainBatches(train, { batch, key: [0, 1], epoch: 0 }).next().value!;
  const start = run.jit((k: Key, x: Tensor) => lsuv(net, net.init(k, x), x));
  const params = start(key(0), tensor(images, [batch, 32, 32, 3]));
  const steps = epochs * Math.floor(train.dataset.count / batch);
  const drops = [4 / 9, 6 / 9, 8 / 9].map((share) => Math.round(share * steps));
  const optimizer = optim.sgd({
    learningRate: optim.multiStepSchedule(rate, 0.1, drops),
    momentum: 0.9,
    weightDecay: 5e-4,
    decayMultiplier: optim.notBias,
  });
  const all: string[] = [];
  const options = { net, params, optimizer, train, test, batch, epochs, progressEvery: Infinity };
  for await (const event of fit(run, options)) {
    if (event.kind === "epoch") all.push((100 * event.test!.accuracy).toFixed(1));
  }
  return all;
}

for (const rate of [0.0001, 0.001, 0.01]) {
  console.log(
    `linear, rate ${rate}: ${
      (await accuracies(sequential(nn.flatten, nn.dense(10)), rate)).join(" ")
    }`,
  );
}
console.log(`FitNet-1, rate 0.01: ${(await accuracies(models.fitnet1(), 0.01)).join(" ")}`);
