/**
 * Training a net: epochs of steps in one fold, an evaluation after each, told as events.
 *
 * @module
 */
import { batchesPerEpoch, type Prepared, testBatches, trainBatches } from "../data/mod.ts";
import type { Layer } from "../nn/layer.ts";
import type { Optimizer } from "../optim/mod.ts";
import type { Runtime } from "../runtime.ts";
import type { Params } from "../tensor.ts";
import { evaluator } from "./evaluate.ts";
import { DivergedError, type FitEvent, type Progress } from "./events.ts";
import { runKeys } from "./keys.ts";
import { type Loss, LOSSES } from "./losses.ts";
import { Meter } from "./meter.ts";
import { minibatch } from "./minibatch.ts";
import { type Carry, startOf, trainStep } from "./step.ts";

/** What {@linkcode fit} trains, on what, and how. */
export interface FitOptions<P extends Params, S extends Params> {
  /** The net to train. */
  readonly net: Layer<P>;
  /** The initial parameters; they stay the caller's. */
  readonly params: P;
  /** The rule of descent. */
  readonly optimizer: Optimizer<S>;
  /** Training images. */
  readonly train: Prepared;
  /** Test images, if the net is to be evaluated after each epoch. */
  readonly test?: Prepared;
  /** Images a batch, in training and testing. */
  readonly batch: number;
  /** How often all training images are seen. */
  readonly epochs: number;
  /** Decides the order, the variations of images and dropout. 0 if left out. */
  readonly seed?: number;
  /** One of `LOSSES`; `softmax` if left out. */
  readonly loss?: Loss;
  /** Whether training images are varied as the source says; false if left out. */
  readonly augment?: boolean;
  /** The least seconds between two progress events; 1 if left out, Infinity for none. */
  readonly progressEvery?: number;
  /** Ends the training after the step at hand. */
  readonly signal?: AbortSignal;
}

type Batching = Pick<FitOptions<Params, Params>, "train" | "batch" | "epochs" | "augment" | "seed">;

function* minibatches({ train, batch, epochs, augment, seed = 0 }: Batching) {
  const { batches: key } = runKeys(seed);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const each of trainBatches(train, { batch, key, epoch, augment })) {
      yield minibatch(each, train.dataset);
    }
  }
}

/** Reads the sums of the epoch; throws if a step has gone wrong. */
async function readSums(run: Runtime, { params, metrics }: Carry, perEpoch: number) {
  const { loss, correct, images, badStep: [bad] } = await run.read(metrics);
  if (bad >= 0) throw new DivergedError(bad, Math.floor(bad / perEpoch), params);
  return { trainLoss: loss[0] / images[0], trainAccuracy: correct[0] / images[0] };
}

/**
 * Trains a net. All epochs are one `fold`, so memory stays constant; nothing is read back but a few
 * numbers for each event.
 *
 * @returns Events: `progress` now and then, `epoch` after each, and at last `end`, which holds the
 * trained parameters. Parameters of an `epoch` event are gone once the next event is asked for.
 * @throws DivergedError, with the last good parameters, once a loss or a gradient is not finite.
 * @throws RangeError on sizes that do not fit the data.
 *
 * @example
 * ```ts
 * import { dense, fit, flatten, hole, key, open, prepareMnist, sequential, sgd } from "@goodinit/goodinit";
 *
 * const dataset = {
 *   name: "squares", images: Uint8Array.from({ length: 64 * 4 }, (_, i) => 255 * (i >> 2 & 1)),
 *   labels: Uint8Array.from({ length: 64 }, (_, i) => i & 1),
 *   count: 64, height: 2, width: 2, channels: 1, classes: 2,
 * };
 * const { train, test } = prepareMnist(dataset, dataset);
 * await using run = await open({ device: "reference" });
 * const net = sequential(flatten, dense(2));
 * const params = net.init(key(0), hole({ shape: [8, 2, 2, 1], dtype: "f32" }));
 * const optimizer = sgd({ rate: 0.5 });
 * for await (const event of fit(run, { net, params, optimizer, train, test, batch: 8, epochs: 2 })) {
 *   if (event.kind === "epoch") console.log(event.trainLoss, event.test?.accuracy);
 * }
 * ```
 */
export async function* fit<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
): AsyncGenerator<FitEvent<P>, void, void> {
  const { net, params, optimizer, train, test, batch, epochs, seed = 0 } = options;
  const { loss = LOSSES.softmax, progressEvery = 1, signal } = options;
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new RangeError(
      `fit: expected epochs to be a whole number of at least 1, found ${epochs}`,
    );
  }
  const perEpoch = batchesPerEpoch(train, batch), steps = perEpoch * epochs;
  const evaluate = test && evaluator(run, net, loss, test.dataset);
  const start = startOf(params, optimizer, runKeys(seed).dropout);
  const meter = new Meter();
  let carry = start, step = 0;
  for await (
    const [next] of run.fold(trainStep({ net, loss, optimizer }), start, minibatches(options))
  ) {
    carry = next;
    step++;
    meter.count(batch);
    const ends = step % perEpoch === 0, compiled = step === 1;
    if (ends || compiled || meter.silence >= progressEvery) {
      const sums = await readSums(run, carry, perEpoch);
      if (compiled && !ends) meter.restart();
      const { seconds, imagesPerSecond } = meter.tell();
      const epoch = Math.ceil(step / perEpoch) - 1;
      const progress: Progress = { step, steps, epoch, ...sums, imagesPerSecond };
      if (ends) {
        const params = carry.params;
        const evaluation = test && await evaluate!(params, testBatches(test, { batch }));
        yield { kind: "epoch", ...progress, seconds, test: evaluation, params };
        meter.begin();
      } else if (progressEvery < Infinity) yield { kind: "progress", ...progress };
    }
    if (signal?.aborted) break;
  }
  yield { kind: "end", step, stopped: step < steps, params: carry.params };
}
