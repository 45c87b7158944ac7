/**
 * The training loop: epochs of steps in one fold, an evaluation after each, reported as events.
 *
 * @module
 */
import type { Runtime } from "../runtime/mod.ts";
import type { Params } from "../tensor.ts";
import { withoutSums } from "./accumulation.ts";
import { BestKeeper } from "./best_keeper.ts";
import type { Start } from "./checkpoint/resume.ts";
import { compileEvaluation } from "./evaluate.ts";
import type { CheckpointEvent, FitEvent } from "./events.ts";
import type { FitOptions } from "./fit_options.ts";
import { checkFit } from "./check_options.ts";
import { epochStart } from "./input/batch_tensors.ts";
import type { TrainingBatch } from "./input/training_data.ts";
import { BadStep, Session } from "./session.ts";
import { type CompiledRun, compiledRun } from "./memory/compiled_run.ts";
import { admitRun } from "./memory/required_memory.ts";
import { setUpTraining, severalProcesses, startTraining, type TrainingSetup } from "./setup.ts";
import { divergence } from "./nonfinite/divergence.ts";
import type { StepInput } from "./parallel/steps.ts";
import { isOfDevice, keepCheckpoint } from "./keep_checkpoint.ts";
import { takeSteps } from "./take_steps.ts";

/**
 * Trains a net. All epochs are one `fold`, so memory stays constant; only a few numbers are read back for
 * each event.
 *
 * With `checkpoint`, the whole state of the training run is written at intervals, and at the end, also if
 * `signal` stops it.
 *
 * Labels are classes, several labels at once or numbers, as the loss has them; data is images in memory or
 * batches that a program makes: see {@linkcode FitOptions.train}.
 *
 * @returns Events: `progress` at intervals, `epoch` after each epoch, `checkpoint` after each checkpoint,
 * and finally `end` with the trained parameters. The parameters of an `epoch` event are released when the
 * next event is requested.
 * @throws DivergedError, with the last good parameters and the layer and op where it began, once a loss, a
 * gradient or an updated weight is not finite; see {@linkcode FitOptions.onNonFinite}.
 * @throws TrainingMemoryError, before the first step, where it needs more memory than there is.
 * @throws CheckpointError on a checkpoint of another training run, and if one cannot be written.
 * @throws RangeError, before the first step, on sizes that do not fit the data, on labels outside
 * 0…classes-1, on test images of another size or other classes, and on a net with more or fewer outputs
 * than classes.
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
 * @example Numbers as labels, in batches that a program makes
 * ```ts
 * import * as g from "@goodinit/goodinit";
 *
 * async function* batches(epoch: number) {
 *   for (let i = 0; i < 10; i++) {
 *     const x = g.normal(g.key(10 * epoch + i), [16, 3]);
 *     yield { x, labels: g.ops.sum(x, 1) };
 *   }
 * }
 * await using run = await g.open({ device: "reference" });
 * const net = g.nn.dense(1), params = net.init(g.key(0), { shape: [16, 3], dtype: "f32" });
 * const optimizer = g.optim.adam({ learningRate: 0.1 }), loss = g.nn.meanSquaredError;
 * for await (const event of g.fit(run, { net, params, optimizer, loss, train: batches, epochs: 10 })) {
 *   if (event.kind === "epoch") console.log(event.trainLoss, event.trainMetrics?.rSquared);
 * }
 * ```
 *
 * @example A training run that can be interrupted at any time, and resumes when started again
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
  checkFit(run, options);
  const setup = await setUpTraining(run, options);
  const start = await startTraining(run, options, setup), session = new Session(run, start, setup);
  const compiled = await admitRun(run, options, setup, start.carry);
  const { best } = options, keeper = best && new BestKeeper<P>(run, best, start.best);
  try {
    yield* train(run, options, { setup, start, session, keeper, compiled });
  } catch (fault) {
    if (isOfDevice(fault)) {
      throw await keepCheckpoint(fault, start.saver, () => save({ start, session, keeper }));
    }
    if (!(fault instanceof BadStep)) throw fault;
    const ended = { options, setup, session, fault };
    throw await divergence(run, ended, keeper?.best(session.epochs));
  }
}

/** A training run that has been set up. */
interface Started<P extends Params, S extends Params> {
  readonly setup: TrainingSetup;
  readonly start: Start<P, S>;
  readonly session: Session<P, S>;
  readonly keeper: BestKeeper<P> | undefined;
  /** Its functions where batches are not made on the device. */
  readonly compiled: CompiledRun<P, S>;
}

/** Writes a checkpoint if steps have been taken since the last one. */
async function save<P extends Params, S extends Params>(
  { start: { saver }, session, keeper }: Omit<Started<P, S>, "setup" | "compiled">,
): Promise<CheckpointEvent | undefined> {
  if (!saver?.behind(session.step)) return undefined;
  await session.check();
  const saved = keeper?.params ? { best: keeper.params } : {};
  return await saver.save({ ...withoutSums(session.carry), ...saved }, session.position);
}

/** The steps of a training run, and all that follows them. */
async function* train<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
  { setup, start, session, keeper, compiled }: Started<P, S>,
): AsyncGenerator<FitEvent<P>, void, void> {
  const { progressEvery = 1, progressSteps, signal } = options, { saver } = start;
  const { data } = setup, job = severalProcesses(options);
  await using input = data.open(start);
  const { steps: folded, evaluation } = data.resident
    ? compiledRun(options, setup, start.carry, input.materialize)
    : compiled;
  const evaluate = evaluation &&
    compileEvaluation(run, { ...options, ...setup }, input, job, evaluation);
  const isOver = () => keeper?.isOutOfPatience(session.epochs) ?? false;

  async function* report(): AsyncGenerator<FitEvent<P>, void, void> {
    const { seconds, ...progress } = await session.measure();
    if (!session.endsEpoch) {
      if (session.progressDue(progressSteps) || progressEvery < Infinity) {
        yield { kind: "progress", ...progress };
      }
      return;
    }
    const { params, averages } = session.carry, final = averages ?? params;
    const test = await evaluate?.(final, input.test());
    const record = { ...progress, seconds, test };
    session.record(record);
    const isBest = keeper?.consider(session.epochs, final);
    yield { kind: "epoch", ...record, params, averages, isBest };
    session.startEpoch();
  }
  async function* checkpoint(): AsyncGenerator<CheckpointEvent, void, void> {
    const event = await save({ start, session, keeper });
    if (event) yield event;
  }

  let current: TrainingBatch;
  async function* inputs(): AsyncGenerator<StepInput, void> {
    for await (current of input.train()) {
      yield { inputs: input.inputs(current.batch), first: epochStart(current.first) };
    }
  }
  // Of several processes, one that finds that a step has diverged takes one more step with the others, in
  // which all learn that they are to stop.
  const failed = new AbortController(), asksToStop = [failed.signal, ...signal ? [signal] : []];
  const stepping = job ? { ...options, signal: AbortSignal.any(asksToStop) } : options;
  const isStopped = !job && signal?.aborted;
  const steps = isOver() || isStopped
    ? []
    : takeSteps(run, stepping, setup, input, folded, inputs());
  for await (const [carry, stop] of steps) {
    session.advance(carry, job ? options.batch! : current!.batch.count, await current!.last);
    try {
      if (session.reportDue(progressEvery, progressSteps)) yield* report();
      if (saver?.due(session.step)) yield* checkpoint();
    } catch (error) {
      const isAgreed = !job || stop || session.endsEpoch;
      if (isAgreed || !(error instanceof BadStep)) throw error;
      failed.abort();
    }
    if ((job ? stop : signal?.aborted) || session.endsEpoch && isOver()) break;
  }
  if (job) await session.check();
  yield* checkpoint();
  const { step, carry: { params, averages } } = session;
  const outOfPatience = !session.ended && isOver(), stopped = !session.ended && !outOfPatience;
  const found = keeper?.best(session.epochs);
  yield { kind: "end", step, stopped, outOfPatience, params, averages, best: found };
}
