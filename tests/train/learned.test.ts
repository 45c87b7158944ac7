/**
 * Training of what no gradient moves: running statistics, frozen parameters; and of several outputs.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  batchNorm,
  companion,
  conv,
  dense,
  flatten,
  hingeLoss,
  relu,
  sequential,
  softmaxCrossEntropy,
  squaredError,
} from "../../src/nn/mod.ts";
import { lsuv, lsuvFromBatches, lsuvWithReport } from "../../src/init/mod.ts";
import { add, mean, mul, reshape, slice, variance } from "../../src/ops/mod.ts";
import { type Optimizer, sgd } from "../../src/optim/mod.ts";
import { key, normal } from "../../src/random.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import { type Params, placeholder, type Tensor } from "../../src/tensor.ts";
import { entries, leaves } from "../../src/tree.ts";
import type { EpochEvent } from "../../src/train/events.ts";
import { fit } from "../../src/train/fit.ts";
import type { FitOptions } from "../../src/train/fit_options.ts";
import { findCheckpoint } from "../../src/train/checkpoint/checkpoint_folder.ts";
import { forEachDevice } from "../devices.ts";
import { SIZE, tinySplits } from "./fixtures.ts";
import type { Layer } from "../../src/nn/layer.ts";

const { train, test } = tinySplits(96, 32);
const images = placeholder({ shape: [1, SIZE, SIZE, 1], dtype: "f32" });

const normalized = () =>
  sequential(
    conv(4, 3, { padding: 1, bias: false }),
    batchNorm(),
    relu,
    flatten,
    dense(8),
    batchNorm({ momentum: 0.2 }),
    relu,
    dense(2),
  ) as Layer;

const withSides = (weight: number) =>
  sequential(
    conv(4, 3, { padding: 1 }),
    relu,
    companion(sequential(flatten, dense(2)), { weight, loss: hingeLoss }),
    flatten,
    dense(2),
  ) as Layer;

/** Trains a net; returns the last epoch and the final parameters, by path. */
async function trained(
  run: Runtime,
  net: Layer,
  over: Partial<FitOptions<Params, Params>> = {},
) {
  const params = over.params ?? net.init(key(3), images);
  const optimizer = sgd({ learningRate: 0.05, momentum: 0.9, weightDecay: 0.01 });
  let last: EpochEvent | undefined, end: Params | undefined;
  const options = { net, params, optimizer, train, test, batch: 16, epochs: 6, ...over };
  for await (const event of fit(run, options as FitOptions<Params, Params>)) {
    if (event.kind === "epoch") last = event;
    if (event.kind === "end") end = event.params as Params;
  }
  const paths = entries<Tensor>(end!).map(([path]) => path);
  const data = await run.read(leaves<Tensor>(end!));
  return {
    last: last!,
    params: end!,
    byPath: new Map(paths.map((path, i) => [path, [...data[i]!]])),
  };
}

forEachDevice(
  "fit() moves running statistics, so that evaluation is as good as training",
  async (run) => {
    const { last, byPath } = await trained(run, normalized());
    assert(last.trainAccuracy > 0.95, `${last.trainAccuracy}`);
    assert(last.test!.accuracy > 0.95, `${last.test!.accuracy}`);
    assert(byPath.get("[1].mean")!.every((m) => m !== 0));
    assert(byPath.get("[5].variance")!.every((v) => v > 0 && v !== 1));
  },
);

forEachDevice(
  "fit() leaves statistics to the layer alone, whatever the optimizer decays",
  async (run) => {
    const net = normalized(), start = net.init(key(3), images);
    // A rate of nearly 0 trains nothing, so the statistics are those of the initial net.
    const statistics = async (weightDecay: number) => {
      const optimizer = sgd({ learningRate: 1e-30, weightDecay, decayMultiplier: () => true });
      return (await trained(run, net, { params: start, optimizer })).byPath.get("[1].variance");
    };
    assertEquals(await statistics(100), await statistics(0));
  },
  { devices: ["reference", "cpu"] },
);

forEachDevice("fit() adds the losses of companions, which evaluation leaves out", async (run) => {
  const { last: none, byPath: still } = await trained(run, withSides(0), { epochs: 1 });
  const { last: some, byPath: moved } = await trained(run, withSides(0.5), { epochs: 1 });
  assert(some.trainLoss > none.trainLoss, `${some.trainLoss} and ${none.trainLoss}`);
  const start = await run.read(leaves<Tensor>(withSides(0).init(key(3), images)));
  // Without weight the head's biases do not move: they do not decay.
  assertEquals(still.get("[2][0][1].b"), [...start[3]!]);
  assert(moved.get("[2][0][1].b")!.some((b) => b !== 0));
});

forEachDevice("fit() keeps frozen parameters to the bit", async (run) => {
  const net = withSides(0.5), start = net.init(key(3), images);
  const trainable = (path: string) => path.startsWith("[4]");
  const { byPath } = await trained(run, net, { params: start, trainable });
  const before = entries<Tensor>(start), values = await run.read(before.map(([, w]) => w));
  for (const [i, [path]] of before.entries()) {
    const same = byPath.get(path)!.every((v, k) => v === values[i]![k]);
    assertEquals(same, !trainable(path), path);
  }
});

forEachDevice("fit() lets the statistics of frozen layers follow the batches", async (run) => {
  const net = normalized(), start = net.init(key(3), images);
  const trainable = (path: string) => path.startsWith("[7]");
  const { byPath } = await trained(run, net, { params: start, trainable, epochs: 1 });
  const before = entries<Tensor>(start), values = await run.read(before.map(([, w]) => w));
  for (const [i, [path]] of before.entries()) {
    const same = byPath.get(path)!.every((v, k) => v === values[i]![k]);
    assertEquals(same, !trainable(path) && !/mean|variance/.test(path), path);
  }
});

forEachDevice("fit() counts frozen gradients in no norm", async (run) => {
  const net = withSides(0.5), params = net.init(key(3), images);
  const clipped = sgd({ learningRate: 0.05, clipNorm: 0.1 });
  const trainable = (path: string) => path.startsWith("[4]"), epochs = 1;
  const head = async (optimizer: Optimizer<Params>, frozen: boolean) => {
    const options = { params, optimizer, epochs, ...frozen && { trainable } };
    return (await trained(run, net, options)).byPath.get("[4].w");
  };
  const alone = sgd({ learningRate: 0.05, clipNorm: 0.1, rateMultiplier: trainable });
  assertEquals(await head(clipped, true), await head(alone, false));
}, { devices: ["reference", "cpu"] });

forEachDevice("fit() minimizes an objective of images and a captured teacher", async (run) => {
  const teacher = sequential(flatten, dense(3)), student = sequential(flatten, dense(3)) as Layer;
  const [weights] = [run.jit(() => teacher.init(key(8), images))()];
  const { last, byPath } = await trained(run, student, {
    epochs: 60,
    objective: ({ output, images }) => squaredError(output, teacher(weights, images)),
    optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }),
  });
  assert(last.trainLoss < 1e-3, `${last.trainLoss}`);
  assertEquals(last.trainAccuracy, 0);
  assert(byPath.size === 2);
});

forEachDevice("fit() trains two outputs, and counts the logits among them", async (run) => {
  const net = sequential(flatten, dense(5)) as Layer;
  const logits = (output: Tensor) => slice(output, [0, 0], [output.shape[0]!, 2]);
  const { last } = await trained(run, net, {
    logits,
    // The other three numbers are to be zero.
    objective: ({ output, labels }) => {
      const other = slice(output, [0, 2]);
      return add(softmaxCrossEntropy(logits(output), labels), mean(mul(other, other), 1));
    },
  });
  assert(last.trainAccuracy > 0.95 && last.test!.accuracy > 0.95, `${last.test!.accuracy}`);
  assertEquals(last.test!.count, 32);
  const { last: alone } = await trained(run, net, { logits });
  assert(alone.test!.accuracy > 0.95, `${alone.test!.accuracy}`);
});

forEachDevice(
  "fit() rejects companions of other classes, and losses that are no list",
  async (run) => {
    const net = sequential(flatten, companion(dense(3)), dense(2)) as Layer;
    await assertRejects(() => trained(run, net), RangeError, "expected a net with 2 outputs");
    const objective = ({ output }: { output: Tensor }) => reshape(output, [-1]);
    await assertRejects(
      () => trained(run, normalized(), { objective }),
      RangeError,
      "objective: expected a loss for each example, f32[16], found f32[32]; leave the mean out",
    );
  },
  { devices: ["reference"] },
);

forEachDevice(
  "fit() resumes statistics, companions and frozen parts with the same bits",
  async (run) => {
    const folder = await Deno.makeTempDir();
    try {
      const net = sequential(
        conv(3, 3),
        batchNorm(),
        companion(sequential(flatten, dense(2)), { weight: 0.3 }),
        flatten,
        dense(2),
      ) as Layer;
      const shared = { trainable: (path: string) => path !== "[4].w" };
      const whole = await trained(run, net, shared);
      const stop = new AbortController();
      const checkpoint = { folder, everySteps: 100 };
      const options = { checkpoint, ...shared, signal: stop.signal };
      setTimeout(() => stop.abort(), 0);
      await trained(run, net, { ...options, epochs: 3 }).catch(() => {});
      const resume = await findCheckpoint(folder);
      const { byPath } = await trained(run, net, { checkpoint, ...shared, resume });
      assertEquals(byPath, whole.byPath);
      const other = { checkpoint, resume: await findCheckpoint(folder), trainable: () => true };
      await assertRejects(() => trained(run, net, other), Error, "of another");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
  { devices: ["reference", "cpu"] },
);

forEachDevice(
  "lsuv() measures behind batch norm as in training, and heads of companions",
  async (run) => {
    const net = sequential(
      dense(16),
      batchNorm(),
      relu,
      companion(sequential(dense(5)), { weight: 0.3 }),
      dense(4),
    );
    const x = normal(key(1), [64, 8]), [start] = [run.jit(() => net.init(key(0), x))()];
    const [params, report] = lsuvWithReport(net, start, x);
    const names = ["[0] dense", "[3][0][0] dense", "[4] dense"];
    assertEquals(Object.keys(report.units).toSorted(), names);
    for (const { after, converged } of await run.read(Object.values(report.units))) {
      assert(converged[0] === 1 && Math.abs(after[0]! - 1) < 0.1);
    }
    assertEquals(params[1], start[1]);
    // The last layer's output in training has the variance that was reported.
    const last = report.units["[4] dense"]!;
    const [[spread], { after }] = await run.read([variance(net(params, x, key(0))), last] as const);
    assert(Math.abs(spread! - after[0]!) < 0.03, `${spread} and ${after[0]}`);
    const [, rows] = await lsuvFromBatches(run, net, start, () => x);
    assertEquals(rows.map(({ name, converged }) => [name, converged]), names.map((n) => [n, true]));
    lsuv(net, start, x);
  },
);
