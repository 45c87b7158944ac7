/**
 * The learning-rate range test: how the loss changes while the rate grows exponentially from step to step.
 *
 * @module
 */
import { exponentialSchedule, type Optimizer, type Schedule } from "../optim/mod.ts";
import type { Runtime } from "../runtime/mod.ts";
import type { Params } from "../tensor.ts";
import { DivergedError } from "./diverged_error.ts";
import type { ProgressEvent } from "./events.ts";
import { fit } from "./fit.ts";
import type { FitOptions } from "./fit_options.ts";

/** What is trained in a range test: the options of `fit` but for those of a whole training run. */
export interface RateRangeOptions<P extends Params, S extends Params> extends
  Omit<
    FitOptions<P, S>,
    | "optimizer"
    | "epochs"
    | "test"
    | "best"
    | "averaging"
    | "checkpoint"
    | "resume"
    | "progressEvery"
    | "progressSteps"
  > {
  /** The optimizer with a learning rate. */
  readonly optimizer: (learningRate: Schedule) => Optimizer<S>;
  /** The first rate; 1e-6 if left out. */
  readonly from?: number | undefined;
  /** The last rate; 10 if left out. */
  readonly to?: number | undefined;
  /** The number of steps; 100 if left out. */
  readonly steps?: number | undefined;
}

/** A step of a range test. */
export interface RatePoint {
  /** From 0. */
  readonly step: number;
  /** Its learning rate. */
  readonly rate: number;
  /** The mean loss of its batch, before the parameters move. */
  readonly loss: number;
  /** The running mean of losses, by which the rates are found. */
  readonly smoothed: number;
}

/** The result of a range test. */
export interface RateRange {
  /** The steps, until all are taken or the loss is four times the lowest or no longer finite. */
  readonly points: readonly RatePoint[];
  /** A tenth of the rate at which the smoothed loss is lowest; undefined if it never falls. */
  readonly suggestion: number | undefined;
  /** The rate at which the smoothed loss falls fastest, by the logarithm of the rate; undefined if it never falls. */
  readonly steepest: number | undefined;
  /** The rate at which the smoothed loss is lowest; undefined if it never falls. */
  readonly lowest: number | undefined;
  /** Whether its signal ended the test, so that the rates are those of a part of it. */
  readonly stopped: boolean;
}

/** The decay rate of the running mean of losses. */
const SMOOTHING = 0.9;

/** Steps before a rate can be the steepest or the lowest, while the running mean begins. */
const FIRST = 5;

/** How many times the lowest loss ends the test. */
const TOO_HIGH = 4;

function checkRange({ from, to, steps }: { from: number; to: number; steps: number }): void {
  if (!(from > 0 && to > from && to < Infinity)) {
    throw new RangeError(
      `rateRange: expected rates above 0, the last above the first, found ${from} to ${to}`,
    );
  }
  if (Number.isInteger(steps) && steps >= 2 * FIRST) return;
  throw new RangeError(
    `rateRange: expected steps to be an integer of at least ${2 * FIRST}, found ${steps}`,
  );
}

/** Points with their smoothed losses; the running mean is corrected for its beginning with 0. */
function smoothed(points: readonly Omit<RatePoint, "smoothed">[]): RatePoint[] {
  let mean = 0;
  return points.map((point, i) => {
    mean = SMOOTHING * mean + (1 - SMOOTHING) * point.loss;
    return { ...point, smoothed: mean / (1 - SMOOTHING ** (i + 1)) };
  });
}

/** The rates that points speak for. Points are at equal distances of the logarithm of the rate. */
function ratesOf(points: readonly RatePoint[]): Omit<RateRange, "points" | "stopped"> {
  const lowest = points.slice(FIRST).reduce<RatePoint | undefined>(
    (best, point) => best && best.smoothed <= point.smoothed ? best : point,
    undefined,
  );
  const start = points[0]?.smoothed;
  if (!lowest || start === undefined || !(lowest.smoothed < start)) {
    return { suggestion: undefined, steepest: undefined, lowest: undefined };
  }
  const change = (i: number) => points[i + 1]!.smoothed - points[i - 1]!.smoothed;
  let steepest = FIRST;
  for (let i = FIRST; i < lowest.step && i + 1 < points.length; i++) {
    if (change(i) < change(steepest)) steepest = i;
  }
  return {
    suggestion: lowest.rate / 10,
    steepest: points[steepest]!.rate,
    lowest: lowest.rate,
  };
}

/** The loss of the last step, from the mean since the start of the epoch and that of the step before. */
function lossOf(event: ProgressEvent, before: ProgressEvent | undefined, first: number): number {
  const taken = event.step - first;
  if (!before || taken <= 1) return event.trainLoss;
  return event.trainLoss * taken - before.trainLoss * (taken - 1);
}

/**
 * The learning-rate range test: trains from given parameters, which are not consumed, while the learning rate
 * grows exponentially from step to step, until the loss explodes. A good rate is one at which the loss falls
 * fast, well below the rate of the lowest loss. Smith, "Cyclical Learning Rates for Training Neural Networks"
 * (2017), section 3.3, with the smoothing and the end of fast.ai's `lr_find`.
 *
 * @throws RangeError on rates that are not above 0 and ascending, on fewer than 10 steps, and as `fit` does.
 *
 * @example
 * ```ts
 * import * as g from "@goodinit/goodinit";
 *
 * await using run = await g.open({ device: "reference" });
 * const data = g.data.procedural({ split: "train", count: 40, size: 16, channels: 1 });
 * const { train } = g.data.prepareMnist(data, data), net = g.sequential(g.nn.flatten, g.nn.dense(10));
 * const params = net.init(g.key(0), g.placeholder({ shape: [10, 16, 16, 1], dtype: "f32" }));
 * const optimizer = (learningRate: g.optim.Schedule) => g.optim.sgd({ learningRate });
 * const range = await g.train.rateRange(run, { net, params, optimizer, train, batch: 10, steps: 40 });
 * console.assert(range.points[0]!.rate === 1e-6 && range.suggestion! < range.lowest!);
 * ```
 */
export async function rateRange<P extends Params, S extends Params>(
  run: Runtime,
  { optimizer, from = 1e-6, to = 10, steps = 100, ...options }: RateRangeOptions<P, S>,
): Promise<RateRange> {
  checkRange({ from, to, steps });
  const factor = to / from, schedule = exponentialSchedule(from, factor, steps - 1);
  const points: Omit<RatePoint, "smoothed">[] = [];
  let before: ProgressEvent | undefined, first = 0, least = Infinity, stopped = false;
  // As many epochs as are needed at most: it ends by its steps.
  const all = { ...options, optimizer: optimizer(schedule), epochs: steps };
  try {
    for await (const event of fit(run, { ...all, progressEvery: Infinity, progressSteps: 1 })) {
      if (event.kind === "end") ({ stopped } = event);
      if (event.kind !== "progress" && event.kind !== "epoch") continue;
      const now: ProgressEvent = { ...event, kind: "progress" };
      const loss = lossOf(now, before, first), step = now.step - 1;
      points.push({ step, rate: from * factor ** (step / (steps - 1)), loss });
      before = event.kind === "epoch" ? undefined : now;
      if (event.kind === "epoch") first = event.step;
      const mean = smoothed(points).at(-1)!.smoothed;
      least = Math.min(least, mean);
      if (points.length >= steps || points.length > FIRST && mean > TOO_HIGH * least) break;
    }
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
  }
  const found = smoothed(points);
  return { points: found, ...ratesOf(found), stopped };
}
