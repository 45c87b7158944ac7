/**
 * LSUV exactly as in algorithm 1: a new batch for every trial, and variances read back one by one.
 *
 * @module
 */
import { checkKind, functionOf, RUNTIME } from "../check_options.ts";
import type { Layer } from "../nn/layer.ts";
import { eventTurn } from "../platform/event_turn.ts";
import { type Processes, shareTensors } from "../processes.ts";
import { type Params, type Tensor, tensor } from "../tensor.ts";
import { asOneLayer } from "./fold_layers.ts";
import { FACTORS, perPiece } from "./rescale.ts";
import { checkNet, type LsuvOptions, resolve, type Resolved } from "./lsuv_options.ts";
import type { Measurement } from "./pooled_variance.ts";
import { createVarianceMeter, type Runner } from "./variance_meter.ts";
import { leftAlone, notFinite } from "./all_or_nothing.ts";
import { type ReportRow, uncoveredRow } from "./report.ts";
import type { MeasuredUse } from "./measurement_graph.ts";

export type { Runner } from "./variance_meter.ts";

/** Options of {@linkcode lsuvFromBatches}. */
export interface LsuvFromBatchesOptions extends LsuvOptions {
  /**
   * Whether every trial draws a batch, as the authors' code does; true if left out. Otherwise one batch is
   * used for all.
   */
  readonly fresh?: boolean;
  /** Ends it before the next trial: the call then rejects with the signal's reason, as `fetch` does. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The processes that initialize one net together, as `distributed()` gives them: each draws its share of
   * every batch, in the order of the ranks and of any size, and variances are those of the whole batches.
   * All start from the parameters of process 0 and get the same bits, those of one process up to rounding.
   * Every process must call it with the same options. Nets with batch norm, whose outputs depend on the
   * whole batch, have every process compute all of it.
   */
  readonly distributed?: Processes | undefined;
}

/** The state of one group of weights during the trials. */
interface Group {
  before: number;
  after: number;
  mean: number;
  trials: number;
  /** The factor of the weights. */
  factor: number;
  /** Settled groups are not rescaled any more. */
  settled?: "converged" | "zero" | "left";
}

/** Records a measurement. */
function recordMeasurement(
  group: Group,
  { deviation, mean, zero }: Measurement,
  { tolerance, target }: Pick<Resolved, "tolerance" | "target">,
): void {
  const variance = deviation ** 2;
  group.mean = mean;
  if (Number.isNaN(group.before)) group.before = variance;
  group.after = variance;
  delete group.settled;
  if (Math.abs(variance / target - 1) < tolerance) group.settled = "converged";
  else if (zero) group.settled = "zero";
  else if (!Number.isFinite(variance)) group.settled = "left";
}

/** Throws a signal's reason once it is aborted, which events may tell that are due. */
async function throwIfAborted(signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return;
  // Without a turn no event is dispatched where reading back needs none, as on the CPU.
  await eventTurn();
  signal.throwIfAborted();
}

/** Updates the factor for another trial; returns whether the weights change. */
function rescaleGroup(group: Group, { deviation }: Measurement, target: number): boolean {
  if (group.settled) return false;
  const [least, most] = FACTORS;
  const factor = group.factor / (deviation / Math.sqrt(target));
  group.factor = Math.min(Math.max(factor, least), most);
  group.trials++;
  return true;
}

/**
 * {@linkcode lsuv} as in algorithm 1: for each layer in execution order, draw a batch, run the net up to
 * the layer, read the variance, stop if it is within the tolerance or after `maxTrials` rescalings, else
 * divide the weights by its root and try again. Reads back once per trial. With `fresh: false` only the
 * layer itself runs again, and the result is that of `lsuv`.
 *
 * @param run A runtime from `open()`.
 * @param net A net, or a list of layers in sequence.
 * @param nextBatch The source of batches, f32 [batch, ...] or integers.
 * @returns The new parameters, and a row for each use of a layer and piece, as from {@linkcode reportRows}. Where
 * the variance of any layer is not finite, its row says so and the parameters are those given.
 *
 * @example
 * ```ts
 * import { init, key, nn, normal, open, sequential } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(nn.dense(16), nn.tanh, nn.dense(4));
 * let drawn = 0;
 * const nextBatch = () => normal(key(drawn++), [64, 8]);
 * const start = net.init(key(0), nextBatch());
 * const [params, rows] = await init.lsuvFromBatches(run, net, start, nextBatch);
 * console.assert(rows.every((row) => row.converged));
 * ```
 */
export async function lsuvFromBatches<P extends Params>(
  run: Runner,
  net: Layer | readonly Layer[],
  params: P,
  nextBatch: () => Tensor | Promise<Tensor>,
  options: LsuvFromBatchesOptions = {},
): Promise<readonly [P, readonly ReportRow[]]> {
  checkKind("lsuv", "the first argument", run, RUNTIME);
  checkNet(net, params);
  checkKind("lsuv", "nextBatch", nextBatch, functionOf("() => tensor"));
  const resolved = resolve(options), { maxTrials, target, center } = resolved;
  asOneLayer(net);
  const { fresh = true, distributed, signal } = options;
  const processes = distributed && distributed.size > 1 ? distributed : undefined;
  const start = processes ? await shareTensors(run, processes, params) : params;
  const meter = await createVarianceMeter(run, {
    net,
    params: start,
    nextBatch,
    options: resolved,
    fresh,
    processes,
  });
  const { uses, uncovered, stale } = meter;

  /** Runs the trials of one layer, and returns the state of its groups. */
  const settle = async ({ unit, params, free }: MeasuredUse, index: number): Promise<Group[]> => {
    let found = await meter.measure(index);
    const groups = found.map((): Group => (
      { before: NaN, after: NaN, mean: 0, trials: 0, factor: 1 }
    ));
    const scaled = () => {
      const factors = tensor(groups.map(({ factor }) => factor));
      return unit.scale(params, perPiece(factors, unit.pieces));
    };
    for (let trial = 0;; trial++) {
      await throwIfAborted(signal);
      groups.forEach((group, i) => recordMeasurement(group, found[i]!, resolved));
      if (!free || trial === maxTrials) break;
      if (!groups.map((group, i) => rescaleGroup(group, found[i]!, target)).includes(true)) break;
      meter.replace(params, scaled());
      found = await meter.measure(index);
    }
    if (center && free && unit.shift) {
      const amounts = tensor(groups.map(({ mean }) => Number.isFinite(mean) ? -mean : 0));
      meter.replace(params, unit.shift(scaled(), amounts));
      // The layers behind continue with the output of the last run.
      if (!fresh) await meter.measure(index);
    }
    return groups;
  };

  const outcomes: Group[][] = [];
  for (const [index, use] of uses.entries()) outcomes.push(await settle(use, index));
  if (stale) {
    meter.restart();
    for (const [index, groups] of outcomes.entries()) {
      await throwIfAborted(signal);
      const found = await meter.measure(index);
      groups.forEach((group, i) => recordMeasurement(group, found[i]!, resolved));
    }
  }
  const rows = outcomes.flatMap((groups, index) =>
    groups.map(({ before, after, trials, settled }, piece): ReportRow => ({
      name: uses[index]!.name,
      piece,
      trials,
      before,
      after,
      converged: settled === "converged",
      zero: settled === "zero",
    }))
  );
  const others = Object.entries(uncovered).map(([path, used]) => uncoveredRow(path, used));
  if (notFinite(rows).length > 0) return [start, [...leftAlone(rows), ...others]];
  return [meter.current(start), [...rows, ...others]];
}
