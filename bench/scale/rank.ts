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
import { sumsOverlap } from "../../src/train/parallel/sum_parts.ts";
import { median } from "../measure.ts";
import { OPTIMIZER, trainingOf } from "../step.ts";
import type { NetName } from "../nets/mod.ts";
import { type Part, type StepTimes, watchSums } from "./watch.ts";

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
  /** Whether sums overlap with the backward pass; what `fit` does if left out. */
  readonly overlap?: boolean;
  /** Whether one process takes the step of several, in which parts of the gradients are ready one by one. */
  readonly inParts?: boolean;
};

/** What was measured. */
export type Answer = {
  readonly kind: "sums";
  readonly sums: readonly (readonly [bytes: number, seconds: number])[];
  /** The number of machines. */
  readonly machines: number;
} | Steps;

/** Measured steps; times are seconds, medians over steps. */
export interface Steps {
  readonly kind: "steps";
  /** A step. */
  readonly step: number;
  /** Of it, waiting for the other processes, and sums or what is left of them after the backward pass. */
  readonly wait: number;
  readonly sum: number;
  /** Whether sums overlapped with the backward pass. */
  readonly overlap: boolean;
  /** Bytes of the gradients. */
  readonly bytes: number;
  /** The parts of the gradients as sums of them started; empty where one sum was of all. */
  readonly parts: readonly Part[];
}

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
  return { kind: "sums", sums, machines: job.machines };
}

function* repeated<X>(x: X): Generator<X> {
  for (;;) yield x;
}

type StepsRequest = Extract<Request, { kind: "steps" }>;

/** What steps need: a net, its start, and a batch's share in the device's memory. */
function setUp(run: g.Runtime, job: g.Distributed, { net: name, batch }: StepsRequest) {
  const { net, images, labels, params } = trainingOf(name, shareOf(batch, job).count);
  const start = g.train.initialCarry(params, OPTIMIZER, g.tensor(Uint32Array.from(keyData(0))));
  const inputs = run.jit((x: g.Tensor, y: g.Tensor) => ({ images: x, labels: y }))(images, labels);
  const first = g.tensor(Uint32Array.of(0), []), loss = g.nn.LOSSES.softmax;
  return { training: { net, loss }, start, inputs, first, bytes: bytesOf(params) };
}

const bytesOf = (params: g.Params): number => 4 * g.models.countParameters(params);

/** The steps of `trainStep` in one process. */
async function measureAlone(
  run: g.Runtime,
  job: g.Distributed,
  request: StepsRequest,
): Promise<Steps> {
  const { training, start, inputs, first, bytes } = setUp(run, job, request);
  const step = g.train.trainStep({ ...training, optimizer: OPTIMIZER });
  const steps = run.fold(step, start, repeated({ ...inputs, first }));
  const each = await timed(job, request.seconds, async () => {
    const { value } = await steps.next();
    await run.read(value![0].metrics.loss);
  });
  await steps.return();
  return { kind: "steps", step: median(each), wait: 0, sum: 0, overlap: false, bytes, parts: [] };
}

/** The same steps in several processes, as `fit` takes them. */
async function measureParallel(
  run: g.Runtime,
  job: g.Distributed,
  request: StepsRequest,
): Promise<Steps> {
  const { training, start, inputs, first, bytes } = setUp(run, job, request);
  const { batch, seconds, overlap = sumsOverlap(job) } = request, watched = watchSums(job);
  const materialize = (x: g.Params) => x as typeof inputs;
  const all = { training, optimizer: OPTIMIZER, batch, materialize, job: watched.job, overlap };
  const steps = parallelSteps(run, all, start, repeated<StepInput>({ inputs, first }));
  const times: StepTimes[] = [];
  const each = await timed(job, seconds, async () => {
    watched.begin();
    const { value } = await steps.next();
    await run.read(value![0].metrics.loss);
    times.push(watched.end());
  });
  await steps.return();
  const warm = times.slice(FEWEST),
    middle = (of: (step: StepTimes) => number) => median(warm.map(of));
  const parts = warm[0]!.parts.map(({ bytes }, i) => ({
    bytes,
    ready: middle(({ parts }) => parts[i]!.ready),
  }));
  const [wait, sum] = [middle(({ wait }) => wait), middle(({ sum }) => sum)];
  return { kind: "steps", step: median(each), wait, sum, overlap, bytes, parts };
}

async function measureSteps(job: g.Distributed, request: StepsRequest): Promise<Steps> {
  await using run = await g.open({ device: "cpu", threads: request.threads });
  const isAlone = job.size === 1 && !request.inParts;
  return await (isAlone ? measureAlone : measureParallel)(run, job, request);
}

const request = JSON.parse(Deno.args[0]!) as Request;
using job = await g.distributed();
const answer = request.kind === "sums"
  ? await measureSums(job, request.sizes)
  : await measureSteps(job, request);
if (job.rank === 0) console.log(JSON.stringify(answer));
