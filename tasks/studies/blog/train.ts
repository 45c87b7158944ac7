/**
 * One net of the study: from a variant, a rate and a start to its test accuracy by epoch.
 *
 * @module
 */
import {
  data,
  fit,
  init,
  key,
  optim,
  placeholder,
  random,
  split,
  type Tensor,
} from "../../../mod.ts";
import type { Prepared, PreparedSplits } from "../../../src/data/mod.ts";
import type { Runtime } from "../../../src/runtime/mod.ts";
import { batchTensors, DivergedError, type StreamedBatch } from "../../../src/train/mod.ts";
import { BATCH, netOf, type Variant, withBiases } from "./variants.ts";

/** A column of the report: its rate, and whether LSUV scales the weights. */
export interface Column {
  readonly lsuv: boolean;
  readonly rate: number;
}

/** The accuracy in % after each epoch; fewer epochs than asked for where the loss was not finite. */
export type Accuracies = readonly number[];

/** The batches of an epoch as the images lie in their file; all full. */
function* inOrder(train: Prepared): Generator<StreamedBatch, void> {
  for (const batch of data.testBatches(train, { batch: BATCH })) {
    if (batch.count === BATCH) yield batchTensors(batch, train.dataset);
  }
}

/** Endless batches for LSUV, each of other images. */
function* drawn(train: Prepared, seed: number): Generator<Tensor, never> {
  for (let epoch = 0;; epoch++) {
    const options = { batch: BATCH, key: random.keyData(seed), epoch };
    for (const batch of data.trainBatches(train, options)) {
      yield batchTensors(batch, train.dataset).images;
    }
  }
}

/** Trains a net. */
export async function trainNet(
  run: Runtime,
  { train, test }: PreparedSplits,
  variant: Variant,
  { lsuv, rate }: Column,
  { epochs, seed }: { readonly epochs: number; readonly seed: number },
): Promise<Accuracies> {
  const net = netOf(variant), { height, width, channels } = train.dataset;
  const x = placeholder({ shape: [BATCH, height, width, channels], dtype: "f32" });
  const [weights, biases] = split(key(seed), 2);
  const start = run.jit(() => withBiases(biases!, net.init(weights!, x), variant))();
  const batches = drawn(train, seed);
  const params = lsuv
    ? (await init.lsuvFromBatches(run, net, start, () => batches.next().value, {
      preset: "common",
    }))[0]
    : start;
  const found: number[] = [], learningRate = rate * variant.gradients;
  const events = fit(run, {
    net,
    params,
    optimizer: optim.sgd({ learningRate, momentum: 0 }),
    train: variant.shuffled ? train : () => inOrder(train),
    test,
    batch: BATCH,
    epochs,
    seed,
  });
  try {
    for await (const event of events) {
      if (event.kind === "epoch") found.push(100 * event.test!.accuracy);
    }
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
  }
  return found;
}
