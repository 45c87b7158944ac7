/**
 * Nets of one's own by the public names alone: they train, and their derivatives are right.
 */
import { assert, assertEquals } from "@std/assert";
import * as g from "../../mod.ts";
import { forEachDevice } from "../devices.ts";
import { assertDerivatives } from "./differences.ts";

const { nn, ops, train } = g;

/** A net for 3 classes of pixels: dilated convolutions between a pooling and its transpose. */
const segmentation = () =>
  g.sequential(
    nn.conv(8, 3, { padding: "same", bias: false }),
    nn.batchNorm(),
    nn.relu,
    nn.maxPool(2),
    nn.conv(8, 3, { padding: 2, dilation: 2, groups: 2, pieces: 2 }),
    nn.convTranspose(8, 2, { stride: 2 }),
    nn.relu,
    nn.conv(3, 1),
  );

/** Noise, and for each pixel the level of its neighborhood: 0, 1 or 2. */
function noise(seed: number, size: number) {
  const images = g.normal(g.key(seed), [8, size, size, 1]);
  const smooth = ops.avgPool2d(images, 3, { stride: 1, padding: "same" });
  const level = ops.reshape(smooth, [8, size, size]);
  const above = (x: number) => ops.cast(ops.greater(level, x), "i32");
  return { images, labels: ops.add(above(-0.15), above(0.15)) };
}

forEachDevice("a net for pixels trains on a loss of each pixel", async (run) => {
  const net = segmentation(), size = 8, optimizer = g.optim.adam({ learningRate: 0.02 });
  const make = run.jit(() => Array.from({ length: 30 }, (_, i) => noise(i, size)));
  const first = g.tensor(Uint32Array.of(1), []), batches = make();
  const initialize = run.jit((key: g.Key, x: g.Tensor) => g.lsuv(net, net.init(key, x), x));
  const params = initialize(g.key(1), batches[0]!.images);
  const step = train.trainStep({ net, loss: nn.LOSSES.softmax, optimizer });
  const start = train.initialCarry(params, optimizer, g.key(2));
  const losses: number[] = [], accuracies: number[] = [];
  for await (const [{ metrics }] of run.fold(step, start, batches.map((b) => ({ ...b, first })))) {
    const { loss, correct, images } = await run.read(metrics);
    losses.push(loss[0]! / images[0]!);
    accuracies.push(correct[0]! / images[0]! / size ** 2);
  }
  assert(losses[29]! < 0.8 * losses[0]!, losses.join());
  assert(accuracies[29]! > 0.55, accuracies.join());
}, { devices: ["reference", "cpu"] });

forEachDevice("a net trains on probabilities as labels, as of mixed examples", async (run) => {
  const net = g.sequential(nn.flatten, nn.dense(4)), optimizer = g.optim.sgd({ learningRate: 0.5 });
  const make = run.jit(() => {
    const images = g.normal(g.key(3), [16, 3, 3, 1]), logits = ops.slice(images, [], [16, 2, 2]);
    const labels = ops.softmax(ops.mul(ops.reshape(logits, [16, 4]), 4));
    return { images, labels, params: net.init(g.key(0), images) };
  });
  const { images, labels, params } = make(), losses: number[] = [];
  const step = train.trainStep({ net, loss: nn.LOSSES.softmax, optimizer });
  const batch = { images, labels, first: g.tensor(Uint32Array.of(1), []) };
  let right = 0;
  for await (
    const [{ metrics }] of run.fold(
      step,
      train.initialCarry(params, optimizer, g.key(2)),
      Array.from({ length: 40 }, () => batch),
    )
  ) {
    const { loss, correct } = await run.read(metrics);
    losses.push(loss[0]! / 16);
    right = correct[0]!;
  }
  assert(losses[39]! < 0.6 * losses[0]! && right >= 13, `${losses.join()}; ${right} of 16`);
}, { devices: ["reference", "cpu"] });

forEachDevice("a net of two outputs trains on the losses of both", async (run) => {
  const [all, other] = (["train", "test"] as const).map((split) =>
    g.data.procedural({ split, count: 200, size: 16, channels: 1 })
  );
  const data = g.data.prepareMnist(all!, other!).train;
  const net = g.sequential(
    nn.conv(8, [1, 5], { padding: [0, 2], stride: [1, 2] }),
    nn.relu,
    nn.conv(8, [5, 1], { padding: [[2, 2], [0, 0]], stride: [2, 1] }),
    nn.relu,
    nn.maxPool([2, 3], { stride: [2, 1], padding: "same" }),
    nn.flatten,
    nn.concat(nn.dense(10), nn.dense(2)),
  );
  const losses: [kind: number, parity: number][] = [];
  const objective: g.train.Objective = ({ output, labels }) => {
    const [kind, parity] = ops.split(output, [10, 2], -1);
    return ops.add(
      nn.softmaxCrossEntropy(kind, labels),
      nn.squaredHingeLoss(parity, ops.remainder(labels, 2)),
    );
  };
  const { value } = g.data.testBatches(data, { batch: 100 }).next();
  const { images, labels } = train.batchTensors(value!, data.dataset);
  const start = run.jit((key: g.Key, x: g.Tensor) => g.lsuv(net, net.init(key, x), x))(
    g.key(0),
    images,
  );
  const both = run.jit((params: typeof start, x: g.Tensor, labels: g.Tensor) => {
    const [kind, parity] = ops.split(net(params, x), [10, 2], -1);
    return [
      ops.mean(nn.softmaxCrossEntropy(kind, labels)),
      ops.mean(nn.squaredHingeLoss(parity, ops.remainder(labels, 2))),
    ] as const;
  });
  const measure = async (params: typeof start) => {
    const [[kind = NaN], [parity = NaN]] = await run.read(both(params, images, labels));
    losses.push([kind, parity]);
  };
  await measure(start);
  const optimizer = g.optim.adam({ learningRate: 0.01 });
  const options = { net, params: start, optimizer, train: data, batch: 40, epochs: 6, objective };
  for await (const event of g.fit(run, options)) {
    if (event.kind === "end") await measure(event.params);
  }
  const [before, after] = losses as [[number, number], [number, number]];
  assert(after[0] < 0.8 * before[0] && after[1] < 0.8 * before[1], losses.join(" "));
}, { devices: ["cpu"] });

Deno.test("the derivatives of nets by hand are those of differences", () => {
  const oblong = g.sequential(
    nn.conv(4, [1, 3], { padding: [[0, 0], [2, 0]], dilation: [1, 2], groups: 2, pieces: 2 }),
    nn.avgPool([2, 1], { stride: [1, 2], padding: "same" }),
    nn.tanh,
    nn.conv(3, [3, 2], { stride: [2, 1], bias: false }),
  );
  assertDerivatives(oblong as g.Layer, [2, 5, 7, 4]);
  const sequence = nn.layer("ema", () => [], (_, x) => {
    const steps = ops.transpose(x, [1, 0, 2]), [batch, , channels] = x.shape;
    const [last, all] = ops.scan(
      (mean, x) => {
        const next = ops.tanh(ops.add(ops.mul(mean, 0.7), ops.mul(x, 0.3)));
        return [next, ops.mul(next, x)];
      },
      ops.constant(0, [batch!, channels!]),
      steps,
    );
    return ops.concat([all, ops.reshape(last, [1, batch!, channels!])]);
  });
  assertDerivatives(sequence, [2, 5, 3]);
  assertEquals(sequence([], g.tensor(new Float32Array(30), [2, 5, 3])).shape, [6, 2, 3]);
});
