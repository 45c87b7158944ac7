/**
 * Whole training steps of the FitNets: forward, backward, SGD with momentum.
 *
 * @module
 */
import type { Runtime } from "../../src/runtime/mod.ts";
import { profileTable } from "../../tasks/run/mod.ts";
import { computeSpread, round, significant } from "../measure.ts";
import { rated, roundedMs, type Row } from "../result.ts";
import type { NetName } from "../nets/mod.ts";
import { stepper, type Training, trainingOf } from "../step.ts";
import type { Bench } from "../suite.ts";
import { openReference } from "../../src/device/reference/mod.ts";
import { runtimeOn } from "../../src/runtime/mod.ts";
import type { Tuple } from "../../src/tuple.ts";

type Size = readonly [net: NetName, batch: number];

const QUICK: readonly Size[] = [["fitnetMnist", 16]];
const SIZES: readonly Size[] = [
  ["fitnet1", 128],
  ["fitnet4", 32],
  ["fitnet4", 128],
  ["fitnetMnist", 64],
];

/** Milliseconds of a sample, and the least number of samples. */
const SAMPLE_MS = 100, LEAST_SAMPLES = 3;
/** Images and steps that are compared with float64. */
const FEW = 2;

/** The losses of the first steps. */
async function readLosses(run: Runtime, training: Training, steps: number): Promise<number[]> {
  const step = stepper(run, training), losses: number[] = [];
  for (let i = 0; i < steps; i++) losses.push((await run.read(await step()))[0]!);
  return losses;
}

/** The error of losses against float64; the second loss depends on every gradient. */
async function measureLossError(run: Runtime, net: NetName): Promise<number> {
  const training = trainingOf(net, FEW);
  await using reference = runtimeOn(openReference());
  const [found, exact] = await Promise.all(
    [run, reference].map((each) => readLosses(each, training, FEW)),
  ) as Tuple<number[], 2>;
  return Math.max(...found.map((loss, i) => Math.abs(loss / exact[i]! - 1)));
}

/** Milliseconds per step, without reads in between. */
async function timeSteps(run: Runtime, training: Training, budget: number) {
  const step = stepper(run, training), losses: number[] = [];
  const sample = async (steps: number): Promise<number> => {
    const from = performance.now();
    for (let i = 1; i < steps; i++) await step();
    losses.push((await run.read(await step()))[0]!);
    return (performance.now() - from) / steps;
  };
  for (let warming = 0; warming < 3; warming++) await sample(1);
  const steps = Math.max(1, Math.round(SAMPLE_MS / await sample(1)));
  const times: number[] = [], from = performance.now();
  while (times.length < LEAST_SAMPLES || performance.now() - from < budget) {
    times.push(await sample(steps));
  }
  return { ms: computeSpread(times), losses: losses.slice(0, 4).map((loss) => round(loss, 6)) };
}

/** The profile of some steps. */
async function profileSteps(bench: Bench, training: Training) {
  const { run } = bench, step = stepper(run, training), steps = 3;
  for (let warming = 0; warming < 2; warming++) await run.read(await step());
  await run.profile();
  for (let i = 0; i < steps; i++) await run.read(await step());
  const profile = await run.profile();
  return { profile, flops: profile.kernels.reduce((sum, { flops }) => sum + flops, 0) / steps };
}

/** Each net's training step. */
export async function* steps(bench: Bench): AsyncGenerator<Row> {
  const checked = new Map<NetName, number>();
  for (const [net, batch] of bench.quick ? QUICK : SIZES) {
    const training = trainingOf(net, batch);
    await using run = await bench.open();
    const { ms, losses } = await timeSteps(run, training, bench.budget);
    const { bytes } = run.memory();
    const { profile, flops } = await profileSteps(bench, training);
    if (!checked.has(net)) checked.set(net, significant(await measureLossError(run, net), 2));
    yield {
      suite: "training step",
      name: `${net}, batch ${batch}`,
      ms: roundedMs(ms),
      imagesPerSecond: significant(1000 * batch / ms.median),
      ...rated(bench.most, ms.median, { flops }),
      outside: significant(profile.outside),
      bytes,
      error: checked.get(net),
      losses,
    };
    if (bench.profile) bench.print(profileTable(profile, bench.most));
  }
}
