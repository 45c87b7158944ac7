/**
 * Evaluation: loss and accuracy on a whole data set.
 *
 * @module
 */
import type { Batch } from "../data/mod.ts";
import type { Distributed } from "../distributed/mod.ts";
import { checkLabels } from "../labels.ts";
import type { Layer } from "../nn/layer.ts";
import { correctPredictions, targetKind } from "../nn/loss_table.ts";
import { hasNoPrediction, type Metric } from "../nn/metrics.ts";
import { type Loss, perExample } from "../nn/losses.ts";
import { add, cast, constant, iota, less, mul, reshape, sum, where } from "../ops/mod.ts";
import type { Runtime } from "../runtime/mod.ts";
import { type Params, type Tensor, tensor } from "../tensor.ts";
import type { Tuple } from "../tuple.ts";
import { type Examples, exampleTensors, type ImageSize } from "./input/batch_tensors.ts";
import type { Counted, TrainingInput } from "./input/training_data.ts";
import { countParts, mapValues, metricValues, uncomputedOutputs } from "./metric_sums.ts";
import type { Training } from "./objective.ts";

/** The loss and accuracy of a net on a data set. */
export interface Evaluation {
  /** The mean of the per-example losses. */
  readonly loss: number;
  /**
   * The fraction of correct predictions, from 0 to 1; of several labels at once, of examples with all labels
   * correct; NaN where labels are numbers, and where an output of the net or a label is NaN, of which nothing
   * is predicted.
   */
  readonly accuracy: number;
  /** Images evaluated. */
  readonly count: number;
  /** The metrics, by name; absent if there are none. */
  readonly metrics?: Readonly<Record<string, number>>;
}

type Sums = {
  readonly loss: Tensor;
  readonly correct: Tensor;
  /** Examples of which nothing is predicted. */
  readonly without: Tensor;
  readonly parts: Readonly<Record<string, Tensor>>;
};

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
      const { labels, count } = batch;
      if (labels instanceof Int32Array) checkLabels("evaluate", labels.subarray(0, count), classes);
    }
  }
  return (params, batches) => evaluate(params, checked(batches));
}

/** What is evaluated: a net, its loss, the logits in its output, and metrics. */
export interface Evaluated<P extends Params> extends Pick<Training<P>, "net" | "loss" | "logits"> {
  readonly metrics?: Readonly<Record<string, Metric>> | undefined;
}

/** The sums before the first batch. */
export function zeroSums<P extends Params>(
  { metrics = {}, ...evaluated }: Evaluated<P>,
  params: P,
  { images, labels }: Examples,
): Sums {
  const counts = Object.keys(metrics).length === 0
    ? {}
    : countParts(metrics, uncomputedOutputs({ ...evaluated, params }, images), labels);
  const parts = Object.entries(counts).map(([name, count]) => [name, constant(0, [count])]);
  const none = () => constant(0, [], "i32");
  return { loss: constant(0), correct: none(), without: none(), parts: Object.fromEntries(parts) };
}

/** The function of an evaluation that is compiled. */
export interface EvaluationStep<P extends Params> {
  /** The sums with those of a batch, of whose examples the first `count` are real. */
  readonly addBatch: (sums: Sums, params: P, inputs: Params, count: Tensor) => Sums;
  /** How many predictions an example has; NaN for none, and 1 before `addBatch` was called. */
  readonly predictions: number;
}

/** The function that evaluates a batch, of which `materialize` gives images and labels. */
export function evaluationStep<P extends Params>(
  { net, loss, logits: part, metrics = {} }: Evaluated<P>,
  materialize: TrainingInput["materialize"],
): EvaluationStep<P> {
  const kind = targetKind(loss);
  let predictions = 1;
  return {
    get predictions() {
      return predictions;
    },
    addBatch: function evaluate(sums, params, inputs, count) {
      const { images, labels } = materialize(inputs, "test");
      const output = net(params, images), logits = part ? part(output) : output;
      const [batch] = images.shape as Tuple<number, 1>, real = less(iota(batch), count);
      const column = reshape(real, [batch, 1]);
      const correct = correctPredictions(kind, logits, labels);
      predictions = correct ? correct.size / batch : NaN;
      const hits = correct && mul(reshape(correct, [batch, -1]), column);
      return {
        loss: add(sums.loss, sum(where(real, perExample(loss, logits, labels), 0))),
        correct: hits ? add(sums.correct, sum(cast(hits, "i32"))) : sums.correct,
        without: add(sums.without, sum(cast(mul(real, hasNoPrediction(logits, labels)), "i32"))),
        parts: mapValues(
          metrics,
          ({ parts }, name) =>
            add(sums.parts[name]!, sum(where(column, parts(logits, labels), 0), 0)),
        ),
      };
    },
  };
}

/**
 * As {@linkcode evaluator}, on the test batches of a pipeline; of `job`, on those of all its processes.
 *
 * @param step The {@linkcode evaluationStep} of the pipeline, if there is one already.
 */
export function compileEvaluation<P extends Params, B extends Counted>(
  run: Runtime,
  evaluated: Evaluated<P>,
  pipeline: Pick<TrainingInput<B>, "inputs" | "materialize">,
  job?: Distributed,
  step: EvaluationStep<P> = evaluationStep(evaluated, pipeline.materialize),
): (params: P, batches: Iterable<B> | AsyncIterable<B>) => Promise<Evaluation> {
  const { loss, metrics = {} } = evaluated, kind = targetKind(loss);
  const addBatch = run.jit(step.addBatch, { donate: [0] });
  const drop = run.jit((_: Sums): readonly Tensor[] => [], { donate: [0] });
  return async (params, batches) => {
    let sums: Sums | undefined, count = 0;
    for await (const batch of batches) {
      const inputs = pipeline.inputs(batch), real = tensor(Int32Array.of(batch.count), []);
      sums ??= zeroSums(evaluated, params, pipeline.materialize(inputs, "test"));
      sums = addBatch(sums, params, inputs, real);
      count += batch.count;
    }
    if (!sums || count === 0 && !job) {
      throw new RangeError("evaluate: expected at least one image, found none");
    }
    const found = await run.read(sums), names = Object.keys(found.parts);
    drop(sums);
    const own = [found.loss[0]!, found.correct[0]!, found.without[0]!, count];
    const all = Float64Array.from([...own, ...names.flatMap((name) => [...found.parts[name]!])]);
    job?.allReduce(all);
    const [loss, correct, without, examples] = all as unknown as Tuple<number, 4>;
    let at = own.length;
    const parts = mapValues(found.parts, ({ length }) => all.slice(at, at += length));
    const values = metricValues(metrics, parts, examples);
    const isUnknown = kind === "numbers" || without > 0;
    const accuracy = isUnknown ? NaN : correct / (examples * step.predictions);
    return { loss: loss / examples, accuracy, count: examples, ...(values && { metrics: values }) };
  };
}
