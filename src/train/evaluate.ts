/**
 * Loss and accuracy on a whole data set.
 *
 * @module
 */
import type { Batch } from "../data/mod.ts";
import { checkLabels } from "../labels.ts";
import type { Layer } from "../nn/layer.ts";
import { add, argMax, cast, constant, equal, iota, less, mul, sum, where } from "../ops/mod.ts";
import type { Runtime } from "../runtime/mod.ts";
import { type Params, type Tensor, tensor } from "../tensor.ts";
import { type Loss, lossOf } from "./losses.ts";
import { batchTensors, type ImageSize } from "./input/batch_tensors.ts";
import type { Looked, Supplied } from "./input/input_pipeline.ts";

/** How a net does on a data set. */
export interface Evaluation {
  /** The mean loss an image. */
  readonly loss: number;
  /** The share of images whose largest score stands at the label, from 0 to 1. */
  readonly accuracy: number;
  /** Images looked at. */
  readonly count: number;
}

type Sums = { readonly loss: Tensor; readonly correct: Tensor };

/**
 * A function that evaluates a net, without dropout, on batches such as those of `testBatches`: what
 * stands behind a batch's `count` images is not counted. Make it once for a net and a loss: it is
 * compiled at its first call. Sums stay on the device, and are read once, at the end.
 *
 * @param size Height, width and channels of the images, such as a `Dataset`.
 * @returns `(params, batches) => Promise<Evaluation>`; rejects with a RangeError if there is no image, and
 * on a label that is none of the net's outputs.
 *
 * @example
 * ```ts
 * import { key, nn, open, sequential, train } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(nn.flatten, nn.dense(10)), size = { height: 2, width: 2, channels: 1 };
 * const evaluate = train.evaluator(run, net, train.LOSSES.softmax, size);
 * const params = net.init(key(0), { shape: [4, 2, 2, 1], dtype: "f32" });
 * const batch = { images: new Float32Array(16), labels: new Int32Array(4), count: 3, epoch: 0, index: 0 };
 * console.assert((await evaluate(params, [batch])).count === 3);
 * ```
 */
export function evaluator<P extends Params>(
  run: Runtime,
  net: Layer<P>,
  loss: Loss,
  size: ImageSize,
): (params: P, batches: Iterable<Batch>) => Promise<Evaluation> {
  let classes = 0;
  const observed: Loss = (scores, labels) => {
    classes = scores.shape[1]!;
    return loss(scores, labels);
  };
  const evaluate = evaluatorOf<P>(run, net, observed, (given) => given as unknown as Looked);
  function* supplied(batches: Iterable<Batch>): Generator<Supplied, void> {
    for (const batch of batches) {
      // How many classes the net tells apart is known once it has been applied for the first time.
      yield { ...batch, given: batchTensors(batch, size) };
      checkLabels("evaluate", batch.labels.subarray(0, batch.count), classes);
    }
  }
  return (params, batches) => evaluate(params, supplied(batches));
}

/** As {@linkcode evaluator}, on batches from which `look` makes images and labels. */
export function evaluatorOf<P extends Params>(
  run: Runtime,
  net: Layer<P>,
  loss: Loss,
  look: (given: Params) => Looked,
): (params: P, batches: Iterable<Supplied>) => Promise<Evaluation> {
  const addBatch = run.jit(
    function evaluate(sums: Sums, params: P, given: Params, count: Tensor): Sums {
      const { images, labels } = look(given), scores = net(params, images);
      const real = less(iota(images.shape[0]!), count);
      const losses = where(real, lossOf(loss, scores, labels), 0);
      const right = mul(equal(argMax(scores), labels), real);
      return {
        loss: add(sums.loss, sum(losses)),
        correct: add(sums.correct, sum(cast(right, "i32"))),
      };
    },
    { donate: [0] },
  );
  const drop = run.jit((_: Sums): readonly Tensor[] => [], { donate: [0] });
  return async (params, batches) => {
    let sums: Sums = { loss: constant(0), correct: constant(0, [], "i32") }, count = 0;
    for (const { given, count: real } of batches) {
      sums = addBatch(sums, params, given, tensor(Int32Array.of(real), []));
      count += real;
    }
    if (count === 0) throw new RangeError("evaluate: expected at least one image, found none");
    const { loss, correct } = await run.read(sums);
    drop(sums);
    return { loss: loss[0]! / count, accuracy: correct[0]! / count, count };
  };
}
