/**
 * Initial parameters of a training task, and what LSUV reports of them.
 *
 * @module
 */
import { type Prepared, trainBatches } from "../../src/data/mod.ts";
import { lsuvFromBatches, lsuvWithReport, type ReportRow, reportRows } from "../../src/init/mod.ts";
import type { Model } from "../../src/models/mod.ts";
import type { Key } from "../../src/random.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import { type Params, placeholder, type Tensor } from "../../src/tensor.ts";
import { batchTensors, runKeys } from "../../src/train/mod.ts";
import { OptionError } from "../cli/options.ts";
import type { Settings } from "../run/settings.ts";
import { buildLsuvOptions } from "./build.ts";

/** What a net starts from. */
export interface Start {
  readonly params: readonly Params[];
  /** The parameters that LSUV started from; absent without it. */
  readonly before?: readonly Params[];
  /** What LSUV did, a row a layer and piece; absent without it. */
  readonly report?: readonly ReportRow[];
}

/** Batches of training images without augmentation and without an end, in an order of their own. */
function* calibration(train: Prepared, batch: number, seed: number): Generator<Tensor, never> {
  const { calibration: key } = runKeys(seed);
  for (let epoch = 0;; epoch++) {
    for (const each of trainBatches(train, { batch, key, epoch })) {
      yield batchTensors(each, train.dataset).images;
    }
  }
}

/**
 * Makes parameters as the settings say. LSUV on a fixed batch is one compiled call, read once for its
 * report.
 */
export async function initializeParams(
  run: Runtime,
  net: Model,
  settings: Settings,
  train: Prepared,
): Promise<Start> {
  const { height, width, channels, count } = train.dataset;
  const { seed, lsuvBatch = settings.batch, lsuvMode } = settings;
  const { weights } = runKeys(seed), options = buildLsuvOptions(settings);
  const image = placeholder({ shape: [1, height, width, channels], dtype: "f32" });
  const make = (key: Key) => net.init(key, image);
  if (settings.init !== "lsuv") return { params: run.jit(make)(weights) };
  if (lsuvBatch > count) {
    throw new OptionError(
      `--lsuv-batch: expected at most the ${count} training images, found ${lsuvBatch}`,
    );
  }
  const batches = calibration(train, lsuvBatch, seed);
  if (lsuvMode === "fresh") {
    const next = () => batches.next().value, start = run.jit(make)(weights);
    const [params, report] = await lsuvFromBatches(run, net, start, next, options);
    return { params, before: start, report };
  }
  const [[params, units], before] = run.jit(function lsuv(key: Key, x: Tensor) {
    const start = make(key);
    return [lsuvWithReport(net, start, x, options), start] as const;
  })(weights, batches.next().value);
  const report = reportRows(await run.read(units));
  return { params, before, report };
}
