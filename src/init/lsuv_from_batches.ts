/**
 * LSUV to the letter of algorithm 1: a new batch for every trial, variances read one by one.
 *
 * @module
 */
import type { Layer } from "../nn/layer.ts";
import { foldIn } from "../random.ts";
import { type Data, type Params, type Tensor, tensor } from "../tensor.ts";
import type { MapTree } from "../tree.ts";
import { perPiece, variances, ZERO_VARIANCE } from "./lsuv.ts";
import { type LsuvOptions, resolve } from "./lsuv_options.ts";
import type { ReportRow } from "./report.ts";
import { paramsAt, type Place, places, replaceAt } from "./walk.ts";

/** What runs the computations: a runtime from `open()` fits. */
export interface Runner {
  /** A compiled function. */
  jit<A extends readonly Params[], R extends Params>(f: (...args: A) => R): (...args: A) => R;
  /** The elements of every tensor in a tree. */
  read<const T extends Params>(tree: T): Promise<MapTree<T, Tensor, Data>>;
}

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
  /** Settled groups are not looked at again. */
  settled?: "converged" | "zero";
}

/** Notes a measured variance; the factor for the weights, 1 if they are to stay. */
function note(group: Group, variance: number, tolerance: number, mayScale: boolean): number {
  if (group.settled) return 1;
  if (Number.isNaN(group.before)) group.before = variance;
  group.after = variance;
  if (Math.abs(variance - 1) < tolerance) group.settled = "converged";
  else if (variance <= ZERO_VARIANCE) group.settled = "zero";
  if (group.settled || !mayScale || Number.isNaN(variance)) return 1;
  group.trials++;
  return 1 / Math.sqrt(variance);
}

/**
 * {@linkcode lsuv} as algorithm 1 has it: for each layer in execution order, draw a batch, run the net
 * up to the layer, read the variance, stop if it is within the tolerance or after `maxTrials`
 * rescalings, else divide the weights by its root and try again. Reads back once a trial; on one kept
 * batch it ends at the parameters that `lsuv` gives.
 *
 * @param run What runs it: a runtime from `open()`.
 * @param nextBatch The source of batches, f32 [batch, ...].
 * @returns The new parameters and a row a layer and piece.
 *
 * @example
 * ```ts
 * import { dense, key, lsuvFromBatches, normal, open, sequential, tanh } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(dense(16), tanh, dense(4));
 * let drawn = 0;
 * const nextBatch = () => normal(key(drawn++), [64, 8]);
 * const start = net.init(key(0), nextBatch());
 * const [params, rows] = await lsuvFromBatches(run, net.layers, start, nextBatch);
 * console.assert(rows.every((row) => row.converged));
 * ```
 */
export async function lsuvFromBatches<P extends Params>(
  run: Runner,
  layers: readonly Layer[],
  params: P,
  nextBatch: () => Tensor | Promise<Tensor>,
  options: LsuvFromBatchesOptions = {},
): Promise<readonly [P, readonly ReportRow[]]> {
  const resolved = resolve(options), { key } = resolved;
  const { fresh = true } = options;
  const kept = fresh ? undefined : await nextBatch();
  let draws = 0;
  const draw = async (): Promise<[Tensor, ...Tensor[]]> => {
    const x = kept ?? await nextBatch();
    const drawKey = key && (kept ? key : foldIn(key, tensor(Uint32Array.of(draws++), [])));
    return drawKey ? [x, drawKey] : [x];
  };

  /** Scales one layer; returns all parameters and the layer's rows. */
  const scaleOne = async (
    all: P,
    { path, name, unit }: Place,
    index: number,
  ): Promise<[P, ReportRow[]]> => {
    const measure = run.jit((params: P, x: Tensor, ...keys: Tensor[]) =>
      variances(layers, params, x, { ...options, key: keys[0]! })[index]!
    );
    let now = all;
    let groups: Group[] = [];
    for (let trial = 0; trial <= resolved.maxTrials; trial++) {
      const [found] = await run.read([measure(now, ...await draw())]);
      if (trial === 0) groups = Array.from(found, () => ({ before: NaN, after: NaN, trials: 0 }));
      const mayScale = trial < resolved.maxTrials;
      const factors = groups.map((g, i) => note(g, found[i]!, resolved.tolerance, mayScale));
      if (factors.every((f) => f === 1)) break;
      const scaled = unit.scale(paramsAt(now, path), perPiece(tensor(factors), unit.pieces));
      now = replaceAt(now, path, scaled);
    }
    const rows = groups.map(({ settled, ...numbers }, piece) => ({
      name,
      piece,
      ...numbers,
      converged: settled === "converged",
      zero: settled === "zero",
    }));
    return [now, rows];
  };

  const chosen = places(layers).filter(resolved.chosen);
  let current = params;
  const report: ReportRow[] = [];
  for (const [index, place] of chosen.entries()) {
    const [next, rows] = await scaleOne(current, place, index);
    current = next;
    report.push(...rows);
  }
  return [current, report];
}
