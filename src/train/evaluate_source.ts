/**
 * Evaluation of a net on prepared images or on batches that a program makes, in one call.
 *
 * @module
 */
import { type Loss, softmaxCrossEntropy } from "../nn/losses.ts";
import { targetKind, USUAL_METRICS } from "../nn/loss_table.ts";
import type { Metric } from "../nn/metrics.ts";
import type { Layer } from "../nn/layer.ts";
import type { Runtime } from "../runtime/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import { checkEvaluate } from "./check_options.ts";
import { compileEvaluation, type Evaluation } from "./evaluate.ts";
import type { ExampleBatch, TrainingSource } from "./input/batch_stream.ts";
import type { Examples } from "./input/batch_tensors.ts";
import { testExamples } from "./input/stream_data.ts";

/** What {@linkcode evaluate} evaluates. */
export interface EvaluateOptions<P extends Params> {
  /** The net. */
  readonly net: Layer<P>;
  /** Its parameters, which are not consumed. */
  readonly params: P;
  /** Prepared images, or batches in any form that `fit` takes. */
  readonly test: TrainingSource;
  /** Images per batch, of prepared images; 128 if left out. */
  readonly batch?: number;
  /** Any per-example loss, such as one of `LOSSES`; `softmaxCrossEntropy` if left out. */
  readonly loss?: Loss;
  /** The logits in the net's output; all of it if left out. */
  readonly logits?: ((output: Tensor) => Tensor) | undefined;
  /** Metrics beside loss and accuracy, by name; if left out, those of the loss, as in `fit`. */
  readonly metrics?: Readonly<Record<string, Metric>> | undefined;
}

/**
 * Evaluates a net, without dropout: the mean loss, the accuracy and the metrics over all examples. Parameters or
 * examples that are not finite are no error: where an output of the net is NaN, the loss, the accuracy and the
 * metrics of `METRICS` are NaN.
 *
 * @throws RangeError on no examples, and on data that does not fit the net.
 * @throws TypeError on options of another kind.
 *
 * @example
 * ```ts
 * import { data, key, nn, open, placeholder, sequential, train } from "@goodinit/goodinit";
 *
 * const shapes = data.procedural({ split: "test", count: 20, size: 16 });
 * const { test } = data.prepareCifar(shapes, shapes);
 * await using run = await open({ device: "reference" });
 * const net = sequential(nn.flatten, nn.dense(10));
 * const params = net.init(key(0), placeholder({ shape: [1, 16, 16, 3], dtype: "f32" }));
 * const metrics = { top5: nn.METRICS.top5 };
 * const found = await train.evaluate(run, { net, params, test, metrics });
 * console.assert(found.count === 20 && found.metrics!.top5! >= found.accuracy);
 * ```
 */
export async function evaluate<P extends Params>(
  run: Runtime,
  options: EvaluateOptions<P>,
): Promise<Evaluation> {
  checkEvaluate(run, options);
  const { net, params, test, batch = 128, loss = softmaxCrossEntropy, logits } = options;
  const kind = targetKind(loss), { metrics = USUAL_METRICS[kind] } = options;
  const compiled = compileEvaluation<P, ExampleBatch>(run, { net, loss, logits, metrics }, {
    inputs: ({ images, labels }) => ({ images, labels }),
    materialize: (inputs) => inputs as Examples,
  });
  const settings = { batch, key: [0, 0] as const, augment: false, kind, caller: "evaluate" };
  return await compiled(params, testExamples(test, settings, 0));
}
