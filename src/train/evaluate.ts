/**
 * Evaluation: loss and accuracy on a whole data set.
 *
 * @module
 */
import type { Batch, BatchHeader } from "../data/mod.ts";
import type { Distributed } from "../distributed/mod.ts";
import { checkLabels } from "../labels.ts";
import type { Layer } from "../nn/layer.ts";
import { add, argMax, cast, constant, equal, iota, less, mul, sum, where } from "../ops/mod.ts";
import type { Runtime } from "../runtime/mod.ts";
import { type Params, type Tensor, tensor } from "../tensor.ts";
import { type Loss, perExample } from "../nn/losses.ts";
import { type Examples, exampleTensors, type ImageSize } from "./input/batch_tensors.ts";
import type { InputPipeline } from "./input/input_pipeline.ts";
import type { Training } from "./objective.ts";

/** The loss and accuracy of a net on a data set. */
export interface Evaluation {
  /** The mean of the per-example losses. */
  readonly loss: number;
  /** The fraction of correct predictions, from 0 to 1. */
  readonly accuracy: number;
  /** Images evaluated. */
  readonly count: number;
}

type Sums = { readonly loss: Tensor; readonly correct: Tensor };

/**
 * A function that evaluates a net, without dropout, on batches such as those of `testBatches`; images after
 * a batch's `count` are ignored. Create it once for a net and a loss, since its first call compiles it.
 * Sums stay on the device and are read once, at the end.
 *
 * @param size Height, width and channels of the images, such as a `Dataset`.
 * @returns `(params, batches) => Promise<Evaluation>`; rejects with a RangeError if there is no image, and
 * on a label outside the net's outputs.
 *
 * @example
 * ```ts
 * import { key, nn, open, sequential, train } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(nn.flatten, nn.dense(10)), size = { height: 2, width: 2, channels: 1 };
 * const evaluate = train.evaluator(run, net, nn.LOSSES.softmax, size);
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
  const observed: Loss = (logits, labels) => {
    classes = logits.shape[1]!;
    return loss(logits, labels);
  };
  const evaluate = compileEvaluation<P, Batch>(run, { net, loss: observed }, {
    inputs: (batch) => exampleTensors(batch, size),
    materialize: (inputs) => inputs as Examples,
  });
  function* checked(batches: Iterable<Batch>): Generator<Batch, void> {
    for (const batch of batches) {
      // The number of classes is known once the net has been applied for the first time.
      yield batch;
      checkLabels("evaluate", batch.labels.subarray(0, batch.count), classes);
    }
  }
  return (params, batches) => evaluate(params, checked(batches));
}

/** As {@linkcode evaluator}, on the test batches of a pipeline; of `job`, on those of all its processes. */
export function compileEvaluation<P extends Params, B extends BatchHeader>(
  run: Runtime,
  { net, loss, logits: part }: Pick<Training<P>, "net" | "loss" | "logits">,
  pipeline: Pick<InputPipeline<B>, "inputs" | "materialize">,
  job?: Distributed,
): (params: P, batches: Iterable<B>) => Promise<Evaluation> {
  const addBatch = run.jit(
    function evaluate(sums: Sums, params: P, inputs: Params, count: Tensor): Sums {
      const { images, labels } = pipeline.materialize(inputs, "test");
      const output = net(params, images), logits = part ? part(output) : output;
      const real = less(iota(images.shape[0]!), count);
      const losses = where(real, perExample(loss, logits, labels), 0);
      const correct = mul(equal(argMax(logits), labels), real);
      return {
        loss: add(sums.loss, sum(losses)),
        correct: add(sums.correct, sum(cast(correct, "i32"))),
      };
    },
    { donate: [0] },
  );
  const drop = run.jit((_: Sums): readonly Tensor[] => [], { donate: [0] });
  return async (params, batches) => {
    let sums: Sums = { loss: constant(0), correct: constant(0, [], "i32") }, count = 0;
    for (const batch of batches) {
      const real = tensor(Int32Array.of(batch.count), []);
      sums = addBatch(sums, params, pipeline.inputs(batch), real);
      count += batch.count;
    }
    if (count === 0 && !job) {
      throw new RangeError("evaluate: expected at least one image, found none");
    }
    const { loss, correct } = await run.read(sums);
    drop(sums);
    const all = Float64Array.of(loss[0]!, correct[0]!, count);
    job?.allReduce(all);
    return { loss: all[0]! / all[2]!, accuracy: all[1]! / all[2]!, count: all[2]! };
  };
}
