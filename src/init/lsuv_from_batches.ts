/**
 * LSUV to the letter of algorithm 1: a new batch for every trial, variances read one by one.
 *
 * @module
 */
import type { Layer } from "../nn/layer.ts";
import { type Params, type Tensor, tensor } from "../tensor.ts";
import { asOneLayer } from "./fold_layers.ts";
import { FACTORS, perPiece } from "./rescale.ts";
import { type LsuvOptions, resolve } from "./lsuv_options.ts";
import { createVarianceMeter, type Found, type Runner } from "./variance_meter.ts";
import { type ReportRow, uncoveredRow } from "./report.ts";
import type { MeasuredUse } from "./measurement_graph.ts";

export type { Runner } from "./variance_meter.ts";

/** Options of {@linkcode lsuvFromBatches}. */
export interface LsuvFromBatchesOptions extends LsuvOptions {
  /**
   * Whether every trial draws a batch, as the authors' code does; true if left out. Otherwise one
   * batch is drawn and kept.
   */
  readonly fresh?: boolean;
}

/** What the trials of one group of weights have come to. */
interface Group {
  before: number;
  after: number;
  trials: number;
  /** What the weights are multiplied by. */
  factor: number;
  /** Settled groups are not measured again. */
  settled?: "converged" | "zero" | "left";
}

/** Notes what was measured. */
function look(group: Group, { deviation, zero }: Found, tolerance: number): void {
  const variance = deviation ** 2;
  if (Number.isNaN(group.before)) group.before = variance;
  group.after = variance;
  delete group.settled;
  if (Math.abs(variance - 1) < tolerance) group.settled = "converged";
  else if (zero) group.settled = "zero";
  else if (!Number.isFinite(variance)) group.settled = "left";
}

/** Notes a trial; whether the weights are to change. */
function rescaled(group: Group, { deviation }: Found): boolean {
  if (group.settled) return false;
  const [least, most] = FACTORS;
  group.factor = Math.min(Math.max(group.factor / deviation, least), most);
  group.trials++;
  return true;
}

/**
 * {@linkcode lsuv} as algorithm 1 has it: for each layer in execution order, draw a batch, run the net
 * up to the layer, read the variance, stop if it is within the tolerance or after `maxTrials`
 * rescalings, else divide the weights by its root and try again. Reads back once a trial. On one kept
 * batch only the layer itself runs again, and it ends at the parameters that `lsuv` gives.
 *
 * @param run What runs it: a runtime from `open()`.
 * @param net A net, or a list of layers that run one after another.
 * @param nextBatch The source of batches, f32 [batch, ...] or integers.
 * @returns The new parameters and a row a use of a layer and piece, as {@linkcode reportRows} gives.
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
  const resolved = resolve(options), { tolerance, maxTrials } = resolved;
  asOneLayer(net);
  const { fresh = true } = options;
  const meter = await createVarianceMeter(run, {
    net,
    params,
    nextBatch,
    options: resolved,
    fresh,
  });
  const { uses, uncovered, stale } = meter;

  /** Scales one layer, if it may be; what its trials came to. */
  const settle = async ({ unit, params, free }: MeasuredUse, index: number): Promise<Group[]> => {
    let found = await meter.measure(index);
    const groups = found.map((): Group => ({ before: NaN, after: NaN, trials: 0, factor: 1 }));
    for (let trial = 0;; trial++) {
      groups.forEach((group, i) => look(group, found[i]!, tolerance));
      if (!free || trial === maxTrials) break;
      if (!groups.map((group, i) => rescaled(group, found[i]!)).includes(true)) break;
      const factors = tensor(groups.map(({ factor }) => factor));
      meter.replace(params, unit.scale(params, perPiece(factors, unit.pieces)));
      found = await meter.measure(index);
    }
    return groups;
  };

  const outcomes: Group[][] = [];
  for (const [index, use] of uses.entries()) outcomes.push(await settle(use, index));
  if (stale) {
    meter.restart();
    for (const [index, groups] of outcomes.entries()) {
      const found = await meter.measure(index);
      groups.forEach((group, i) => look(group, found[i]!, tolerance));
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
  return [meter.current(params), [...rows, ...others]];
}
