/**
 * Batches that a program of the user's makes, for `fit` and `evaluate`.
 *
 * @module
 */
import type { Prepared } from "../../data/mod.ts";
import { type HostData, showValue } from "../../host_data.ts";
import type { TargetKind } from "../../nn/loss_table.ts";
import { reshape } from "../../ops/mod.ts";
import { showSpec } from "../../spec.ts";
import { Tensor, tensor } from "../../tensor.ts";

/** A batch of a stream: inputs of any kind and their labels. */
export interface StreamedBatch {
  /** The net's inputs, [batch, ...]; may be called `x` instead. */
  readonly images?: Tensor;
  /** The same as `images`. */
  readonly x?: Tensor;
  /**
   * A tensor, an array or nested arrays: integers [batch] for a loss of classes, else numbers
   * [batch, outputs], or [batch] for a net with one output.
   */
  readonly labels: Tensor | HostData;
}

/** Batches, one after another. */
export type Batches = Iterable<StreamedBatch> | AsyncIterable<StreamedBatch>;

/** Batches that a program makes, by epoch. */
export interface BatchStream {
  /** The name in reports and checkpoints; `a stream` if left out. */
  readonly name?: string;
  /** The names of the classes or numbers, for checkpoints. */
  readonly classNames?: readonly string[];
  /**
   * The batches of an epoch. If left out, an epoch has as many as the stream has; if given, the stream may
   * be endless.
   */
  readonly stepsPerEpoch?: number;
  /** The batches of an epoch, from 0, without the first `from`, which a resumed run has trained on. */
  readonly batches: (epoch: number, from: number) => Batches;
}

/**
 * What `fit` trains on: images in memory; batches by epoch from a function, of which those that a resumed run
 * has seen are made again and left out; a {@linkcode BatchStream}, which leaves them out itself; or batches as
 * an iterable, such as an array, which must give them anew for each epoch.
 */
export type TrainingSource = Prepared | BatchStream | ((epoch: number) => Batches) | Batches;

/** Whether a source holds images in memory. */
export const isPrepared = (source: TrainingSource): source is Prepared =>
  typeof source === "object" && "dataset" in source;

const isIterable = (source: object): source is Batches =>
  Symbol.iterator in source || Symbol.asyncIterator in source;

/** A stream, and whether it leaves out batches itself. */
export interface OpenStream extends BatchStream {
  /** Whether `batches` may be called for an epoch again, from any batch on. */
  readonly restartable: boolean;
}

/** Any source but images in memory, as a stream. */
export function toStream(source: Exclude<TrainingSource, Prepared>): OpenStream {
  if (typeof source === "function") return { batches: source, restartable: false };
  return isIterable(source)
    ? { batches: () => source, restartable: false }
    : { ...source, batches: source.batches.bind(source), restartable: true };
}

/** The inputs and labels of a batch, and their number. */
export interface ExampleBatch {
  readonly images: Tensor;
  readonly labels: Tensor;
  readonly count: number;
}

/** Labels as the kind of target needs them: integers, or a row of floats for each example. */
function toLabels(labels: Tensor | HostData, kind: TargetKind): Tensor {
  if (!(labels instanceof Tensor)) {
    const found = tensor(labels), flat = found.rank === 1 && !(labels instanceof Float32Array);
    if (kind === "classes") {
      return flat && found.dtype === "f32" ? tensor(labels, undefined, "i32") : found;
    }
    return toLabels(found.dtype === "f32" ? found : tensor(labels, undefined, "f32"), kind);
  }
  return kind !== "classes" && labels.rank === 1 ? reshape(labels, [labels.shape[0]!, 1]) : labels;
}

/**
 * Checks a batch of a stream, and converts its labels.
 *
 * @throws TypeError unless it has inputs as a tensor, and labels.
 * @throws RangeError unless there is a label for each input.
 */
export function toExampleBatch(
  caller: string,
  batch: StreamedBatch,
  kind: TargetKind,
): ExampleBatch {
  const found = typeof batch === "object" && batch !== null ? batch : undefined;
  const images = found?.images ?? found?.x;
  if (!(images instanceof Tensor) || images.rank === 0) {
    const what = found && images !== undefined
      ? `${showValue(images)}; make one by tensor(data, [batch, height, width, channels])`
      : found
      ? `an object with ${Object.keys(found).join(", ") || "nothing in it"}`
      : showValue(batch);
    throw new TypeError(
      `${caller}: expected batches { images, labels }, images being a tensor [batch, ...], found ${what}`,
    );
  }
  if (found!.labels === undefined) {
    throw new TypeError(`${caller}: expected batches { images, labels }, found one without labels`);
  }
  const labels = toLabels(found!.labels, kind), count = images.shape[0]!;
  if (labels.shape[0] !== count) {
    throw new RangeError(
      `${caller}: expected a label for each of the ${count} inputs of a batch, found labels ${
        showSpec(labels)
      }`,
    );
  }
  return { images, labels, count };
}
