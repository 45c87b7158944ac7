/**
 * One process of several, or one alone, that measures sums over all of them or training steps; process 0
 * prints a line of JSON.
 *
 * @module
 */
import * as g from "../../mod.ts";
import { keyData } from "../../src/random.ts";
import { shareOf } from "../../src/data/loader/share.ts";
import { parallelSteps, type StepInput } from "../../src/train/parallel/steps.ts";
import { OPTIMIZER, stepper, trainingOf } from "../step.ts";
import type { NetName } from "../nets/mod.ts";

/** What to measure. */
export type Request = {
  readonly kind: "sums";
  /** Bytes of each sum. */
  readonly sizes: readonly number[];
} | {
  readonly kind: "steps";
  readonly net: NetName;
  /** Examples of the batch of all processes. */
  readonly batch: number;
  readonly seconds: number;
  readonly threads: number;
};

/** What was measured. */
export type Answer = {
  readonly kind: "sums";
  readonly sums: readonly (readonly [bytes: number, seconds: number])[];
} | {
  readonly kind: "steps";
  /** Seconds of a step, the median, and of its sum over processes. */
  readonly step: number;
  readonly sum: number;
  /** Bytes of the gradients. */
  readonly bytes: number;
};

const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[all.length >> 1]!;

/** The fewest steps that are measured, after as many that warm up. */
const FEWEST = 3;

/** Seconds of each call, for at least so many seconds in all; every process stops after the same. */
async function timed(
  job: g.Distributed,
  seconds: number,
  call: () => Promise<void>,
): Promise<number[]> {
  for (let i = 0; i < FEWEST; i++) await call();
  const each: number[] = [], began = performance.now();
  for (const stop = new Float64Array(1); stop[0] === 0;) {
    const from = performance.now();
    await call();
    each.push((performance.now() - from) / 1000);
    if (job.rank === 0 && each.length >= FEWEST) {
      stop[0] = Number(performance.now() - began >= 1000 * seconds);
    }
    job.broadcast(stop);
  }
  return each;
}

async function measureSums(job: g.Distributed, sizes: readonly number[]): Promise<Answer> {
  const sums: [number, number][] = [];
  for (const bytes of sizes) {
    const data = new Float32Array(bytes / 4);
    const each = await timed(job, 0.3, () => Promise.resolve(job.allReduce(data)));
    sums.push([bytes, median(each)]);
  }
  return { kind: "sums", sums };
}

/** A job whose sums are timed. */
function stopwatch(job: g.Distributed): readonly [job: g.Distributed, taken: () => number] {
  let seconds = 0;
  const timedJob: g.Distributed = Object.assign(Object.create(job), {
    allReduce(data: g.Reducible, reduction?: g.Reduction) {
      const from = performance.now();
      job.allReduce(data, reduction);
      seconds += (performance.now() - from) / 1000;
    },
  });
  const taken = () => {
    const all = seconds;
    seconds = 0;
    return all;
  };
  return [timedJob, taken];
}

function* repeated<X>(x: X): Generator<X> {
  for (;;) yield x;
}

async function measureSteps(
  job: g.Distributed,
  { net, batch, seconds, threads }: Extract<Request, { kind: "steps" }>,
): Promise<Answer> {
  await using run = await g.open({ device: "cpu", threads });
  const training = trainingOf(net, shareOf(batch, job).count);
  const bytes = 4 * g.models.countParameters(training.params);
  if (job.size === 1) {
    const step = stepper(run, training);
    const each = await timed(job, seconds, async () => void await run.read(await step()));
    return { kind: "steps", step: median(each), sum: 0, bytes };
  }
  const { images, labels, params } = training;
  const start = g.train.initialCarry(params, OPTIMIZER, g.tensor(Uint32Array.from(keyData(0))));
  const inputs = run.jit((x: g.Tensor, y: g.Tensor) => ({ images: x, labels: y }))(images, labels);
  const [watched, taken] = stopwatch(job);
  const steps = parallelSteps(
    run,
    {
      training: { net: training.net, loss: g.nn.LOSSES.softmax },
      optimizer: OPTIMIZER,
      batch,
      materialize: (inputs) => inputs as Pick<typeof training, "images" | "labels">,
      job: watched,
    },
    start,
    repeated<StepInput>({ inputs, first: g.tensor(Uint32Array.of(0), []) }),
  );
  const sums: number[] = [];
  const each = await timed(job, seconds, async () => {
    const { value } = await steps.next();
    await run.read(value![0].metrics.loss);
    sums.push(taken());
  });
  await steps.return();
  return { kind: "steps", step: median(each), sum: median(sums.slice(FEWEST)), bytes };
}

const request = JSON.parse(Deno.args[0]!) as Request;
using job = await g.distributed();
const answer = request.kind === "sums"
  ? await measureSums(job, request.sizes)
  : await measureSteps(job, request);
if (job.rank === 0) console.log(JSON.stringify(answer));
