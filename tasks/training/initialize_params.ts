/**
 * Computing the initial parameters of a run, with LSUV's report.
 *
 * @module
 */
import { counted } from "../../src/counted.ts";
import { inputSize, type Prepared, trainBatches } from "../../src/data/mod.ts";
import type { Distributed } from "../../src/distributed/mod.ts";
import { lsuvFromBatches, lsuvWithReport, type ReportRow, reportRows } from "../../src/init/mod.ts";
import { mul } from "../../src/ops/mod.ts";
import type { Model } from "../../src/models/mod.ts";
import type { Key } from "../../src/random.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import { type Params, placeholder, type Tensor } from "../../src/tensor.ts";
import { batchTensors, runKeys } from "../../src/train/mod.ts";
import { entries, unflatten } from "../../src/tree.ts";
import { imageSpec } from "../models/model.ts";
import type { InitCost } from "../run/manifest.ts";
import type { Settings } from "../run/settings.ts";
import { buildLsuvOptions } from "./build.ts";
import { byLayer } from "./by_layer.ts";
import { checkLsuv } from "./check_lsuv.ts";
import { OptionError } from "../cli/option_table.ts";
import { initializeWithin } from "./memory.ts";

/** The initial parameters of a run. */
export interface InitialParams {
  readonly params: readonly Params[];
  /** The parameters that LSUV started from; absent without it. */
  readonly before?: readonly Params[];
  /** What LSUV did, one row per layer and piece; absent without LSUV. */
  readonly report?: readonly ReportRow[];
  /** Their cost, where that was measured. */
  readonly cost?: InitCost;
}

/** Endless batches of training images without augmentation, or shares of them, in an order of their own. */
function* calibrationImages(
  train: Prepared,
  batch: number,
  seed: number,
  rank: Distributed | undefined,
): Generator<Tensor, never> {
  const { calibration: key } = runKeys(seed);
  for (let epoch = 0;; epoch++) {
    for (const each of trainBatches(train, { batch, key, epoch, rank })) {
      yield batchTensors(each, inputSize(train)).images;
    }
  }
}

/** LSUV's inputs: the parameters from the net's initializer, and batches of images. */
interface Calibration {
  readonly own: (key: Key) => readonly Params[];
  readonly next: () => Tensor;
  /** The processes that have the other shares of the batches, if there are any. */
  readonly distributed: Distributed | undefined;
  /** Ends it between two trials. */
  readonly signal: AbortSignal | undefined;
}

/** Parameters that LSUV has rescaled. */
type Rescaled = Required<Omit<InitialParams, "cost">>;

/** LSUV in one compiled call per trial: with a fresh batch for each, or of several processes. */
async function rescaleByTrials(
  run: Runtime,
  net: Model,
  settings: Settings,
  { own, next, distributed, signal }: Calibration,
): Promise<Rescaled> {
  const before = run.jit(own)(runKeys(settings.seed).weights);
  const fresh = settings.lsuvMode === "fresh";
  const options = { ...buildLsuvOptions(settings), fresh, distributed, signal };
  const [params, report] = await lsuvFromBatches(run, net, before, next, options);
  return { params, before, report };
}

/** LSUV on one fixed batch: one compiled call, and one read for its report. */
async function rescaleFixed(
  run: Runtime,
  net: Model,
  settings: Settings,
  { own, next }: Calibration,
): Promise<Rescaled> {
  const options = buildLsuvOptions(settings);
  const [[params, units], before] = run.jit(function lsuv(key: Key, x: Tensor) {
    const start = own(key);
    return [lsuvWithReport(net, start, x, options), start] as const;
  })(runKeys(settings.seed).weights, next());
  return { params, before, report: reportRows(await run.read(units)) };
}

/** Initial parameters with the standard deviation of each layer's weights, where the settings have one. */
function scaleByLayer(
  params: readonly Params[],
  { layerStds }: Settings,
): readonly Params[] {
  if (!layerStds) return params;
  const stds = byLayer("layer-stds", layerStds, params);
  const scaled = entries<Tensor>(params).map(([path, w]) => w.rank < 2 ? w : mul(w, stds(path)!));
  return unflatten<unknown, Tensor, Tensor>(params, scaled) as readonly Params[];
}

function checkLsuvBatch(lsuvBatch: number, count: number): void {
  if (lsuvBatch <= count) return;
  throw new OptionError(
    `--lsuv-batch: expected at most the ${counted(count, "training image")}, found ${lsuvBatch}`,
  );
}

/**
 * Computes the initial parameters by the settings.
 *
 * @param job The processes that do so together; this one alone if left out.
 * @param signal Ends LSUV on fresh batches between two trials: it then rejects with the signal's reason.
 */
export async function initializeParams(
  run: Runtime,
  net: Model,
  settings: Settings,
  train: Prepared,
  job?: Distributed,
  signal?: AbortSignal,
): Promise<InitialParams> {
  const { seed, init, lsuvBatch = settings.batch, lsuvMode } = settings;
  const own = (key: Key) =>
    scaleByLayer(net.init(key, placeholder(imageSpec(inputSize(train)))), settings);
  if (init !== "lsuv") return { params: run.jit(own)(runKeys(seed).weights) };
  checkLsuvBatch(lsuvBatch, train.dataset.count);
  const batches = calibrationImages(train, lsuvBatch, seed, job);
  const rescale = lsuvMode === "fresh" || job ? rescaleByTrials : rescaleFixed;
  const next = () => batches.next().value;
  const from = { own, next, distributed: job, signal };
  const rescaled = await initializeWithin(() => rescale(run, net, settings, from));
  checkLsuv(rescaled.report);
  return rescaled;
}
