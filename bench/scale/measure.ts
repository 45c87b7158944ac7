/**
 * Measures nets, sums and hosts.
 *
 * @module
 */
import {
  efficiency,
  fitStep,
  parallelSeconds,
  slowed,
  type StepModel,
  stepSeconds,
} from "./efficiency.ts";
import { networkOf, openHosts, type Rate } from "./hosts.ts";
import { type Launcher, measureSteps, measureSums } from "./launch.ts";
import { fitNetwork, type Network } from "./network.ts";
import type {
  Alone,
  Case,
  HostsResult,
  HostStep,
  MeasuredStep,
  NetResult,
  ScaleResult,
} from "./result.ts";

/** Bytes of sums: from one float to the gradients of a large net. */
export const SIZES = [4, 4096, 65_536, 1 << 20, 1 << 22, 1 << 24] as const;

/** How to measure. */
export interface Measuring {
  readonly launcher: Launcher;
  /** Numbers of processes. */
  readonly counts: readonly number[];
  /** Seconds for which steps are repeated. */
  readonly seconds: number;
  readonly processors: number;
}

/** Sums over each number of processes. */
export async function measureAllSums(
  { launcher, counts }: Measuring,
): Promise<ScaleResult["sums"]> {
  const all = [];
  for (const processes of counts) {
    const { sums } = await measureSums(launcher, processes, SIZES);
    const network = fitNetwork(`${processes} processes here`, processes, sums);
    all.push({ processes, sums, network });
  }
  return all;
}

/** A process's steps of a batch, by so many threads. */
const stepsAlone = async (
  { launcher, seconds }: Measuring,
  { net }: Case,
  batch: number,
  threads = 1,
): Promise<number> => {
  const { step } = await measureSteps(launcher, 1, { net, batch, seconds, threads });
  return step;
};

/** A model of one process's steps. */
async function modelSteps(how: Measuring, each: Case, one: number): Promise<StepModel> {
  const { net, batch } = each, { launcher, seconds } = how, parts = batch >> 1;
  const times: [number, number][] = [[batch, one]];
  for (const size of [batch >> 1, batch >> 2]) {
    times.push([size, await stepsAlone(how, each, size)]);
  }
  const request = { net, batch: parts, seconds, threads: 1, overlap: true, inParts: true };
  const { step, bytes, parts: found } = await measureSteps(launcher, 1, request);
  const ready = found.map((part) => ({ bytes: part.bytes, ready: part.ready / step }));
  return fitStep(times, { bytes, parts: ready });
}

/** Steps without communication. */
async function measureAlone(how: Measuring, each: Case): Promise<Alone> {
  const { batch } = each, one = await stepsAlone(how, each, batch);
  const twoThreads = await stepsAlone(how, each, batch, 2);
  const pair = await Promise.all([0, 1].map(() => stepsAlone(how, each, batch >> 1)));
  return { one, twoThreads, pair: Math.max(...pair) };
}

/** How many times longer two processes at once compute than one alone: what they share is contended. */
const contention = ({ model, alone, batch }: Pick<NetResult, "model" | "alone" | "batch">) =>
  Math.max(1, alone.pair / stepSeconds(model, batch / 2));

/** Measures the steps of a net, by one process and by several. */
export async function measureNet(
  each: Case,
  how: Measuring,
  networkFor: (processes: number) => Network,
): Promise<NetResult> {
  const { net, batch } = each, { launcher, counts, seconds, processors } = how;
  const alone = await measureAlone(how, each), model = await modelSteps(how, each, alone.one);
  const rows: MeasuredStep[] = [];
  for (const processes of counts) {
    const request = { net, batch, seconds, threads: 1 };
    const { step, wait, sum } = await measureSteps(launcher, processes, request);
    const shared = processes / Math.min(processes, processors);
    const slow = slowed(model, shared * contention({ model, alone, batch }));
    const together = { processes, network: networkFor(processes), overlap: false };
    const predicted = alone.one * shared / processes /
      parallelSeconds(slow, batch / processes, together);
    rows.push({
      processes,
      step,
      wait,
      sum,
      efficiency: alone.one * shared / processes / step,
      predicted,
    });
  }
  return { ...each, model, alone, rows };
}

/** Measures two hosts with a link of a rate, on nets that were measured without it. */
export async function measureHosts(
  rate: Rate,
  mpirun: readonly string[],
  nets: readonly NetResult[],
  seconds: number,
): Promise<HostsResult> {
  await using hosts = await openHosts(rate, mpirun);
  const { launcher } = hosts, network = networkOf(rate), rows: HostStep[] = [];
  const { sums, machines } = await measureSums(launcher, 2, SIZES);
  if (machines !== 2) throw new Error(`expected processes on 2 hosts, found them on ${machines}`);
  for (const each of nets) {
    for (const overlap of [false, true]) {
      const { name, net, batch, alone } = each, request = { net, batch, seconds, threads: 1 };
      const { step, wait, sum } = await measureSteps(launcher, 2, { ...request, overlap });
      const together = { processes: 2, network, overlap };
      const predicted = parallelSeconds(slowed(each.model, contention(each)), batch / 2, together);
      const { pair } = alone;
      rows.push({
        name,
        overlap,
        step,
        wait,
        sum,
        slowdown: step / pair,
        predicted: predicted / pair,
      });
    }
  }
  return { network, sums, rows };
}

/** The efficiency of a net on a network, with sums as `fit` would have them there. */
export const efficiencyOn = (
  { model, batch }: NetResult,
  processes: number,
  network: Network,
): ReturnType<typeof efficiency> =>
  efficiency(model, batch, { processes, network, overlap: !network.isInside });
