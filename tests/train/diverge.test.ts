/**
 * A training that diverges ends so on every device, at the same step, whatever the net is made of.
 */
import { assert, assertEquals } from "@std/assert";
import {
  avgPool,
  conv,
  dense,
  flatten,
  globalMaxPool,
  type Layer,
  leakyRelu,
  maxPool,
  relu,
  sequential,
  sigmoid,
  tanh,
  vlrelu,
} from "../../src/nn/mod.ts";
import { adam, type Optimizer, rmsprop, sgd } from "../../src/optim/mod.ts";
import { randomSampler } from "../../src/data/loader/sampler.ts";
import { runKeys } from "../../src/train/keys.ts";
import { key } from "../../src/random.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import { type Params, placeholder, type Tensor } from "../../src/tensor.ts";
import { leaves, unflatten } from "../../src/tree.ts";
import * as ops from "../../src/ops/mod.ts";
import { DivergedError } from "../../src/train/diverged_error.ts";
import { fit } from "../../src/train/fit.ts";
import { forEachDevice, runtimeOf } from "../devices.ts";
import { SIZE, tinySplits } from "./fixtures.ts";

const { train, test } = tinySplits(32, 8);

const same = { padding: 1 } as const;

/** Nets in which a NaN meets every activation and pooling on its way to the loss. */
const NETS: Readonly<Record<string, Layer>> = {
  relu: sequential(conv(4, 3, same), relu, flatten, dense(2)),
  leakyRelu: sequential(conv(4, 3, same), leakyRelu(0.1), flatten, dense(2)),
  vlrelu: sequential(flatten, dense(8), vlrelu, dense(2)),
  "tanh, maxPool": sequential(conv(4, 3, same), tanh, maxPool(2), flatten, dense(2)),
  "sigmoid, avgPool": sequential(conv(4, 3, same), sigmoid, avgPool(2), flatten, dense(2)),
  "maxout, maxPool": sequential(conv(8, 3, { ...same, pieces: 2 }), maxPool(2), flatten, dense(2)),
  "maxout of five, globalMaxPool": sequential(
    conv(8, 3, same),
    conv(8, 3, { ...same, pieces: 5 }),
    globalMaxPool,
    dense(2),
  ),
} as unknown as Record<string, Layer>;

interface Ended {
  readonly diverged: boolean;
  readonly step: number;
  /** Whether the weights that are left are finite. */
  readonly good: boolean;
}

async function endOf(
  run: Runtime,
  net: Layer,
  optimizer: Optimizer<Params>,
  over: object = {},
): Promise<Ended> {
  const params = net.init(key(3), placeholder({ shape: [1, SIZE, SIZE, 1], dtype: "f32" }));
  const good = async (params: Params) =>
    (await run.read(leaves<Tensor>(params))).every((data) =>
      (data as Float32Array).every(Number.isFinite)
    );
  const options = {
    net,
    params,
    optimizer,
    train,
    test,
    batch: 8,
    epochs: 3,
    progressEvery: Infinity,
  };
  try {
    let step = 0, finite = true;
    for await (const event of fit(run, { ...options, ...over })) {
      step = event.step;
      if (event.kind === "epoch") finite &&= Number.isFinite(event.trainLoss);
      if (event.kind === "end") {
        return { diverged: false, step, good: finite && await good(event.params) };
      }
    }
    throw new Error("expected an end");
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
    return { diverged: true, step: error.step, good: await good(error.params) };
  }
}

const OPTIMIZERS = {
  "sgd": () => sgd({ learningRate: 1e30, momentum: 0.9 }),
  "sgd, clipped": () => sgd({ learningRate: 1e28, clipNorm: 1e6 }),
  "rmsprop": () => rmsprop({ learningRate: 1e30 }),
  "adam": () => adam({ learningRate: 1e30 }),
} as unknown as Readonly<Record<string, () => Optimizer<Params>>>;

const picked = randomSampler(train, { batch: 8, key: runKeys(0).batches, epoch: 0 });

/** The step, from 0, whose batch has an image. */
const stepOf = (image: number) =>
  [0, 1, 2, 3].find((step) => picked(step).indices.includes(image))!;

/** These nets' outputs are bounded whatever their first weights are. */
const BOUNDED = ["tanh, maxPool", "sigmoid, avgPool"];

for (const [name, net] of Object.entries(NETS)) {
  forEachDevice(
    `fit() ends a training of ${name} in the same way, however fast it diverges`,
    async (run) => {
      const reference = await runtimeOf("reference");
      for (const [rule, optimizer] of Object.entries(OPTIMIZERS)) {
        const found = await endOf(run, net, optimizer());
        assertEquals(found, await endOf(reference, net, optimizer()), rule);
        assert(
          found.good && (found.diverged || BOUNDED.includes(name)),
          `${rule}: ${JSON.stringify(found)}`,
        );
      }
    },
  );

  forEachDevice(
    `fit() of ${name} ends at the step that meets an image of NaN or infinity`,
    async (run) => {
      for (const value of [NaN, Infinity]) {
        for (const image of [3, 17, 30]) {
          const scale = train.scale.slice();
          scale[image] = value;
          for (const resident of [false, true]) {
            const over = { train: { ...train, scale }, resident };
            const found = await endOf(
              run,
              net,
              sgd({ learningRate: 0.01 }) as unknown as Optimizer<Params>,
              over,
            );
            assertEquals(
              found,
              { diverged: true, step: stepOf(image), good: true },
              `${value}, ${image}`,
            );
          }
        }
      }
    },
  );
}

forEachDevice(
  "fit() says that the last step of all would leave weights that are not finite, and keeps those before",
  async (run) => {
    const net = NETS.relu!,
      optimizer = sgd({ learningRate: 3.4e38, clipNorm: 1e30 }) as unknown as Optimizer<Params>;
    const first = net.init(key(3), placeholder({ shape: [1, SIZE, SIZE, 1], dtype: "f32" }));
    const larger = leaves<Tensor>(first).map((x) => ops.mul(x, 100));
    const params = unflatten<unknown, Tensor, Tensor>(first, larger) as Params;
    const once = { params, batch: 32, epochs: 1 };
    assertEquals(await endOf(run, net, optimizer, once), { diverged: true, step: 0, good: true });
    const end = await endOf(
      run,
      net,
      sgd({ learningRate: 1e-3 }) as unknown as Optimizer<Params>,
      once,
    );
    assertEquals(end, { diverged: false, step: 1, good: true });
  },
);
