/**
 * Trains a maxout net on MNIST: `deno run -P=train examples/mnist.ts --data folder`, where the folder (or
 * GOODINIT_DATA) holds the four files. Without a folder, it trains on the library's procedural images.
 */
import * as g from "@goodinit/goodinit";

const at = Deno.args.indexOf("--data");
const folder = at >= 0 ? Deno.args[at + 1] : Deno.env.get("GOODINIT_DATA");
const load = async (split: g.data.Split) =>
  folder
    ? await g.data.loadMnist(folder, { split })
    : g.data.procedural({ split, count: split === "train" ? 3000 : 500, size: 28, channels: 1 });
const { train, test } = g.data.prepareMnist(await load("train"), await load("test"));

const net = g.sequential(
  g.nn.conv(8, 5, { stride: 2, padding: 2, pieces: 2 }),
  g.nn.maxPool(2),
  g.nn.conv(24, 3, { padding: 1, pieces: 2 }),
  g.nn.maxPool(2),
  g.nn.flatten,
  g.nn.dropout(0.1),
  g.nn.dense(10),
);

// Orthonormal weights, then unit variance layer by layer on the first images.
await using run = await g.open();
const { value: first } = g.data.testBatches(train, { batch: 128 }).next();
const { images } = g.train.batchTensors(first!, train.dataset);
const initialize = (key: g.Key, x: g.Tensor) => g.lsuv(net, net.init(key, x), x);
const params = run.jit(initialize)(g.key(0), images);

const optimizer = g.optim.adam({ learningRate: 0.003 });
const settings = { net, params, optimizer, train, test, batch: 50, epochs: 4 };
console.log(
  `${train.dataset.name}: ${train.dataset.count} images, ${
    g.models.countParameters(params)
  } weights`,
);
for await (const event of g.fit(run, settings)) {
  if (event.kind !== "epoch") continue;
  const accuracy = (100 * event.test!.accuracy).toFixed(1);
  console.log(
    `epoch ${event.epoch + 1}: loss ${event.trainLoss.toFixed(3)}, accuracy ${accuracy} %`,
  );
}
