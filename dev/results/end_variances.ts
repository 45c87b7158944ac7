/**
 * The variance of each layer's output at the end of a run, for runs that did not record it while they trained.
 *
 * @module
 */
import { inputSize, testBatches } from "../../src/data/mod.ts";
import { variancesAndOutput } from "../../src/init/variances.ts";
import { mean } from "../../src/ops/mod.ts";
import type { Params, Tensor } from "../../src/tensor.ts";
import { exampleTensors } from "../../src/train/input/batch_tensors.ts";
import { openDevice, TaskError } from "../../tasks/cli/mod.ts";
import { imagesFrom, prepareInputs, withMean } from "../../tasks/models/inputs.ts";
import { openModel } from "../../tasks/models/open.ts";
import type { Run } from "../../tasks/run/read_run.ts";
import type { LayerRow } from "../../tasks/run/tables.ts";

/** Test images that are measured on. */
const IMAGES = 128;

/** Measures the variances of the net in a run's folder on test images. */
async function measureEnd(folder: string, run: Run, data: string): Promise<readonly LayerRow[]> {
  const { model: saved, net, params, path, pictures } = await openModel(folder, {});
  const source = { data, pictures };
  await using device = await openDevice({ device: "cpu" });
  const model = await withMean(saved, source), images = await imagesFrom(saved, source, "test");
  const prepared = await prepareInputs(device, model, path, images);
  const batch = testBatches(prepared, { batch: IMAGES }).next().value!;
  const { images: x } = exampleTensors(batch, inputSize(prepared));
  let names: readonly string[] = [];
  const measure = device.jit(function variances(params: readonly Params[], x: Tensor) {
    const [found] = variancesAndOutput(net, params, x);
    names = Object.keys(found);
    return Object.values(found).map((each) => mean(each));
  });
  const found = await device.read(measure(params, x)), last = run.epochs.at(-1);
  return found.map(([activationVariance = NaN], i) => ({
    step: last?.step ?? 0,
    phase: `epoch ${last?.epoch ?? 0}`,
    layer: i + 1,
    name: names[i]!,
    activationVariance,
    gradientVariance: NaN,
  }));
}

/**
 * A run with the variances at its end, unless it has some; measured on test images of a folder. Rejects with a
 * {@linkcode TaskError} on a run that has not ended, whose weights are those of an earlier epoch.
 */
export async function withEndVariances(folder: string, run: Run, data: string): Promise<Run> {
  const { status } = run.manifest;
  if (run.layers.length > 0) return run;
  if (status === "finished") return { ...run, layers: await measureEnd(folder, run, data) };
  throw new TaskError(`${folder}: expected a finished run to measure its end, found ${status}`);
}
