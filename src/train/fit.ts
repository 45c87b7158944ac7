/**
 * Training a net: epochs of steps in one fold, an evaluation after each, told as events.
 *
 * @module
 */
import { checkAlike, checkPrepared } from "../data/check_dataset.ts";
import { batchesOf } from "../data/loader/sampler.ts";
import type { Prepared } from "../data/mod.ts";
import type { Layer } from "../nn/layer.ts";
import type { Optimizer } from "../optim/mod.ts";
import type { Runtime } from "../runtime/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import { leaves } from "../tree.ts";
import type { FoundCheckpoint } from "./checkpoint/checkpoint_folder.ts";
import { beginningOf, type CheckpointOptions } from "./checkpoint/resume.ts";
import { evaluatorOf } from "./evaluate.ts";
import { DivergedError, type EpochRecord, type FitEvent, type Progress } from "./events.ts";
import { runKeys } from "./keys.ts";
import { type Loss, LOSSES } from "./losses.ts";
import { Meter } from "./meter.ts";
import { isResident } from "./checkpoint/fingerprint.ts";
import { firstOf } from "./input/batch_tensors.ts";
import { type Carry, startOf, trainStep } from "./step.ts";
import { fitsOn, openSupply, type Supplied } from "./input/input_pipeline.ts";

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
  /** Whether a thread makes batches ahead of their use; if left out, where there is enough to do. */
  readonly ahead?: boolean;
  /**
   * Whether the data lies on the device, which then makes batches itself, equal up to rounding; if left
   * out, where the device has memory of its own and room in it, and as it was where a training goes on.
   */
  readonly resident?: boolean | undefined;
  /** The least seconds between two progress events; 1 if left out, Infinity for none. */
  readonly progressEvery?: number;
  /** Ends the training after the step at hand. */
  readonly signal?: AbortSignal;
  /** Where checkpoints are kept, and how often one is written; none if left out. */
  readonly checkpoint?: CheckpointOptions;
  /**
   * What {@linkcode findCheckpoint} found in their folder: a training goes on from there as if it had
   * never ended, to the same bits on the same device, or begins where nothing was found. With more epochs
   * than it had, one that has ended becomes the one that had so many from the start.
   */
  readonly resume?: FoundCheckpoint | undefined;
}

/** A batch as it is given to a step. */
type Given = { readonly given: Params; readonly first: Tensor };

function* givens(batches: Iterable<Supplied>): Generator<Given, void> {
  for (const batch of batches) yield { given: batch.given, first: firstOf(batch) };
}

/** Reads the sums of the epoch; throws if a step has gone wrong. */
async function readSums(run: Runtime, { params, metrics }: Carry, perEpoch: number) {
  const { loss, correct, images, badStep: [bad = -1] } = await run.read(metrics);
  if (bad >= 0) throw new DivergedError(bad, Math.floor(bad / perEpoch), params);
  return { trainLoss: loss[0]! / images[0]!, trainAccuracy: correct[0]! / images[0]! };
}

/** Throws if weights are not finite. */
async function checkWeights(run: Runtime, { params }: Carry, step: number, epoch: number) {
  const weights = await run.read(leaves<Tensor>(params));
  if (weights.every((data) => (data as Float32Array).every(Number.isFinite))) return;
  throw new DivergedError(step, epoch, params, "finite weights");
}

/**
 * Trains a net. All epochs are one `fold`, so memory stays constant; nothing is read back but a few
 * numbers for each event.
 *
 * With `checkpoint`, all that decides how the training goes on is written now and then, and at the end,
 * also one that `signal` brings about.
 *
 * @returns Events: `progress` now and then, `epoch` after each, `checkpoint` after each that is written,
 * and at last `end`, which holds the trained parameters. Parameters of an `epoch` event are gone once
 * the next event is asked for.
 * @throws DivergedError, with the last good parameters, once a loss or a gradient is not finite, and where
 * the last step leaves weights that are not.
 * @throws CheckpointError on a checkpoint of another training, and where none can be written.
 * @throws RangeError, before the first step, on sizes that do not fit the data, on labels that are none of
 * 0…classes-1, on test images of another size or other classes, on a net with more or fewer outputs than
 * there are classes.
 *
 * @example
 * ```ts
 * import { data, fit, key, nn, open, optim, placeholder, sequential } from "@goodinit/goodinit";
 *
 * const dataset = {
 *   name: "squares", images: Uint8Array.from({ length: 64 * 4 }, (_, i) => 255 * (i >> 2 & 1)),
 *   labels: Uint8Array.from({ length: 64 }, (_, i) => i & 1),
 *   count: 64, height: 2, width: 2, channels: 1, classes: 2,
 * };
 * const { train, test } = data.prepareMnist(dataset, dataset);
 * await using run = await open({ device: "reference" });
 * const net = sequential(nn.flatten, nn.dense(2));
 * const params = net.init(key(0), placeholder({ shape: [8, 2, 2, 1], dtype: "f32" }));
 * const optimizer = optim.sgd({ learningRate: 0.5 });
 * for await (const event of fit(run, { net, params, optimizer, train, test, batch: 8, epochs: 2 })) {
 *   if (event.kind === "epoch") console.log(event.trainLoss, event.test?.accuracy);
 * }
 * ```
 *
 * @example A training that can be cut off at any time, and run again to go on
 * ```ts
 * import * as g from "@goodinit/goodinit";
 *
 * const kind = { size: 28, channels: 1, count: 32 } as const;
 * const { train } = g.data.prepareMnist(
 *   g.data.procedural({ split: "train", ...kind }),
 *   g.data.procedural({ split: "test", ...kind }),
 * );
 * const net = g.sequential(g.nn.flatten, g.nn.dense(10)), optimizer = g.optim.sgd({ learningRate: 0.1 });
 * const params = net.init(g.key(0), g.placeholder({ shape: [1, 28, 28, 1], dtype: "f32" }));
 * const folder = await Deno.makeTempDir(), checkpoint = { folder, everySeconds: 30 };
 * const all = { net, params, optimizer, train, batch: 8, epochs: 1, checkpoint };
 * for (let times = 0; times < 2; times++) {
 *   await using run = await g.open({ device: "reference" });
 *   const resume = await g.train.findCheckpoint(folder);
 *   console.assert(resume.checkpoint?.step === [undefined, 4][times]);
 *   for await (const { kind, step } of g.fit(run, { ...all, resume })) console.log(kind, step);
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function* fit<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
): AsyncGenerator<FitEvent<P>, void, void> {
  const { net, params, optimizer, train, test, batch, epochs, seed = 0 } = options;
  const { loss = LOSSES.softmax, augment = false, ahead, progressEvery = 1, signal } = options;
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new RangeError(
      `fit: expected epochs to be a whole number of at least 1, found ${epochs}`,
    );
  }
  const { batches: key, dropout } = runKeys(seed);
  checkPrepared("fit", train);
  if (test) {
    checkPrepared("fit", test);
    checkAlike("fit", train.dataset, test.dataset);
  }
  const course = { train, test, batch, epochs, key, augment };
  const { training: perEpoch, testing } = batchesOf(course), steps = perEpoch * epochs;
  const resident = options.resident ?? isResident(options.resume) ?? fitsOn(run, course);
  const trained = { net, params, optimizer, loss, train, test, batch, seed, augment, resident };
  const start = await beginningOf(run, trained, startOf(params, optimizer, dropout), options);
  const { saver } = start, history: EpochRecord[] = [...start.epochs];
  if (start.step > steps) {
    throw new RangeError(
      `fit: expected epochs of at least the ${start.step} steps taken, found ${steps} steps`,
    );
  }
  const from = start.step + history.length * testing;
  using supply = openSupply(run, { ...course, from }, { resident, ahead });
  const evaluate = test && evaluatorOf<P>(run, net, loss, (given) => supply.look(given, "test"));
  const batches = givens(supply.take(steps - start.step));
  const base = trainStep({ net, loss, optimizer, classes: train.dataset.classes });
  const stepOf = function trainStep(carry: Carry<P, S>, { given, first }: Given) {
    return base(carry, { ...supply.look(given, "train"), first });
  };
  const meter = new Meter(start.seconds);
  let { carry, step } = start;
  const save = async () => {
    await readSums(run, carry, perEpoch);
    return await saver!.save(carry, { step, seconds: meter.seconds, epochs: history });
  };
  for await (const [next] of run.fold(stepOf, carry, batches)) {
    carry = next;
    step++;
    meter.count(batch);
    const ends = step % perEpoch === 0, compiled = step === start.step + 1;
    if (ends || compiled || meter.silence >= progressEvery) {
      const sums = await readSums(run, carry, perEpoch);
      // Weights that a step makes are seen to be bad by the next step, but for the last one's.
      if (step === steps) await checkWeights(run, carry, step - 1, epochs - 1);
      if (compiled && !ends) meter.restart();
      const { seconds, imagesPerSecond } = meter.tell();
      const epoch = Math.ceil(step / perEpoch) - 1;
      const progress: Progress = { step, steps, epoch, ...sums, imagesPerSecond };
      if (ends) {
        const params = carry.params;
        const evaluation = test && await evaluate!(params, supply.take(testing));
        history.push({ ...progress, seconds, test: evaluation });
        yield { kind: "epoch", ...history.at(-1)!, params };
        meter.begin();
      } else if (progressEvery < Infinity) yield { kind: "progress", ...progress };
    }
    if (saver?.due(step)) yield await save();
    if (signal?.aborted) break;
  }
  if (saver?.behind(step)) yield await save();
  yield { kind: "end", step, stopped: step < steps, params: carry.params };
}
