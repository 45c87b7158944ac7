/**
 * The cost of assembling batches in a training: on the training thread alone, and prefetched by a second
 * thread, in turns within one process. Images are noise in the sizes of MNIST and CIFAR-10.
 *
 *     deno run -P=bench bench/input.ts [mnist|cifar] [threads] [steps per turn] [turns of each]
 *
 * @module
 */
import * as g from "../mod.ts";
import type { LoaderOptions } from "../src/data/loader/training_sampler.ts";
import { openLoader } from "../src/data/loader/loader.ts";
import { median, round } from "./measure.ts";

const [task = "mnist", threads = "2", steps = "40", turns = "10"] = Deno.args;
const gray = task === "mnist",
  perTurn = Number(steps),
  size = gray ? 28 : 32,
  channels = gray ? 1 : 3;

function noise(count: number) {
  const length = count * size * size * channels;
  const images = Uint8Array.from({ length }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  return { name: "noise", images, labels, count, height: size, width: size, channels, classes: 10 };
}

const { train } = (gray ? g.data.prepareMnist : g.data.prepareCifar)(
  noise(gray ? 60_000 : 50_000),
  noise(1),
);
const { batches: keys, dropout } = g.train.runKeys(0), batch = gray ? 64 : 128;
const options: LoaderOptions = { train, batch, epochs: 1000, key: keys, augment: !gray };
await using run = await g.open({ device: "cpu", threads: Number(threads) });
const net = (gray ? g.models.fitnetMnist : g.models.fitnet1)();
const params = net.init(
  g.key(0),
  g.placeholder({ shape: [1, size, size, channels], dtype: "f32" }),
);
const optimizer = g.optim.sgd({ learningRate: 1e-4 });
using alone = openLoader(options, false), helped = openLoader(options, true);
const loaders = { alone: alone.take(Infinity), helped: helped.take(Infinity) };

const inputs = { alone: [] as number[], helped: [] as number[] };
const whole = { alone: [] as number[], helped: [] as number[] };
let who: keyof typeof loaders = "helped";

function* batches() {
  for (;;) {
    const began = performance.now();
    const made = g.train.batchTensors(loaders[who].next().value!, train.dataset);
    inputs[who].push(performance.now() - began);
    yield made;
  }
}

const start = g.train.initialCarry(params, optimizer, dropout),
  last = (2 * Number(turns) + 2) * perTurn;
let step = 0, began = 0;
for await (
  const _ of run.fold(
    g.train.trainStep({ net, loss: g.nn.LOSSES.softmax, optimizer }),
    start,
    batches(),
  )
) {
  if (++step % perTurn > 0) continue;
  // The first turn of each compiles and warms up.
  if (step > 2 * perTurn) whole[who].push((performance.now() - began) / perTurn);
  else inputs[who].length = 0;
  if (step === last) break;
  who = who === "alone" ? "helped" : "alone";
  began = performance.now();
}
for (const each of ["alone", "helped"] as const) {
  const ms = median(whole[each]), input = median(inputs[each]);
  console.log(JSON.stringify({
    task: `${gray ? "fitnetMnist" : "fitnet1"}-${batch}`,
    threads: Number(threads),
    batches: each,
    stepMs: round(ms),
    inputMs: round(input, 3),
    inputPercent: round(100 * input / ms),
    imagesPerSecond: round(1000 * batch / ms, 1),
    turns: whole[each].length,
  }));
}
