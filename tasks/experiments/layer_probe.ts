/**
 * The variance of each layer's output, and of the gradient in its weights, on one fixed batch.
 *
 * @module
 */
import { inputSize, trainBatches } from "../../src/data/mod.ts";
import { grad } from "../../src/grad.ts";
import { variancesAndOutput } from "../../src/init/variances.ts";
import { LOSSES } from "../../src/nn/mod.ts";
import { mean, variance } from "../../src/ops/mod.ts";
import type { Params, Tensor } from "../../src/tensor.ts";
import { batchTensors, runKeys } from "../../src/train/mod.ts";
import { entries } from "../../src/tree.ts";
import type { LayerProbe, MakeLayerProbe } from "../training/session.ts";

/** Images of the batch: few, so that measuring costs little compared with an epoch. */
const IMAGES = 16;

/**
 * Creates a probe: one compiled function, and one read per measurement. The batch is the first that LSUV
 * sees; dropout is off. The variance of a layer's output is over images, positions and channels, averaged
 * over its pieces.
 */
export const createLayerProbe: MakeLayerProbe = (run, net, { seed, loss }, train): LayerProbe => {
  const batch = Math.min(IMAGES, train.dataset.count), { calibration: key } = runKeys(seed);
  const first = trainBatches(train, { batch, key, epoch: 0 }).next().value!;
  const { images, labels } = batchTensors(first, inputSize(train));
  let names: readonly string[] = [];
  const measure = run.jit(function layers(params: readonly Params[], x: Tensor, y: Tensor) {
    let outputs: Readonly<Record<string, Tensor>> = {};
    const gradients = grad((params: readonly Params[]) => {
      const [found, logits] = variancesAndOutput(net, params, x);
      outputs = found;
      return mean(LOSSES[loss](logits, y));
    })(params);
    const byPath = new Map(entries<Tensor>(gradients));
    names = Object.keys(outputs);
    return Object.entries(outputs).map(([name, found]) => ({
      activation: mean(found),
      gradient: variance(byPath.get(`${name.split(" ")[0]}.w`)!),
    }));
  });
  return async (params, { step, phase }) => {
    const found = await run.read(measure(params as readonly Params[], images, labels));
    return found.map(({ activation, gradient }, i) => ({
      step,
      phase,
      layer: i + 1,
      name: names[i]!,
      activationVariance: activation[0]!,
      gradientVariance: gradient[0]!,
    }));
  };
};
