/**
 * Training on batches that a program makes.
 *
 * @module
 */
import { testBatches, trainBatches } from "../../data/loader/batches.ts";
import type { Batch } from "../../data/loader/collate.ts";
import { batchesPerEpoch } from "../../data/loader/sampler.ts";
import { inputSize, type Prepared } from "../../data/prepared.ts";
import { checkLabels } from "../../labels.ts";
import type { TargetKind } from "../../nn/loss_table.ts";
import { showSpec, type Spec } from "../../spec.ts";
import { placeholder } from "../../tensor.ts";
import type { KeyData } from "../../threefry.ts";
import {
  type ExampleBatch,
  isPrepared,
  type OpenStream,
  type StreamedBatch,
  toExampleBatch,
  toStream,
  type TrainingSource,
} from "./batch_stream.ts";
import { type Examples, exampleTensors } from "./batch_tensors.ts";
import { openStream, type ReadBatch } from "./epoch_reader.ts";
import type { StartPoint, TrainingData, TrainingInput } from "./training_data.ts";

/** What batches of images in memory are made from, beside a stream. */
export interface BatchSettings {
  readonly batch: number;
  readonly key: KeyData;
  readonly augment: boolean;
}

/** A batch without the padding after its images. */
function unpadded(source: Prepared, { images, labels, count }: Batch): StreamedBatch {
  const size = inputSize(source), perImage = size.height * size.width * size.channels;
  const each = labels.length * perImage / images.length;
  const own = { images: images.slice(0, count * perImage), labels: labels.slice(0, count * each) };
  return exampleTensors(own, size);
}

function* tensorsOf(source: Prepared, batches: Iterable<Batch>): Generator<StreamedBatch, void> {
  for (const batch of batches) yield unpadded(source, batch);
}

/** Images in memory as a stream, augmented and shuffled if they are to train on. */
function streamOf(
  source: Prepared,
  split: "train" | "test",
  { batch, key, augment }: BatchSettings,
): OpenStream {
  const { name, classNames } = source.dataset;
  return {
    name,
    ...(classNames && { classNames }),
    ...(split === "train" && { stepsPerEpoch: batchesPerEpoch(source, batch) }),
    batches: (epoch, from) =>
      tensorsOf(
        source,
        split === "train"
          ? trainBatches(source, { batch, key, augment, epoch, from })
          : testBatches(source, { batch }),
      ),
    restartable: true,
  };
}

const open = (source: TrainingSource, split: "train" | "test", settings: BatchSettings) =>
  isPrepared(source) ? streamOf(source, split, settings) : toStream(source);

/** The position in a stream at which a run starts. */
const positionAt = ({ step, epochs }: StartPoint) => ({
  epoch: epochs.length,
  from: step - (epochs.at(-1)?.step ?? 0),
});

/** Throws RangeError on integer labels in host memory that are no classes. */
function checkClasses({ labels, count }: ExampleBatch, classes: number): void {
  if (labels.data && labels.dtype !== "f32" && labels.rank === 1) {
    checkLabels("fit", labels.data.subarray(0, count), classes);
  }
}

/** The batches of a test stream, counted and checked. */
export async function* testExamples(
  source: TrainingSource,
  settings: BatchSettings & { readonly kind: TargetKind; readonly caller: string },
  epoch: number,
): AsyncGenerator<ExampleBatch, void> {
  const { batches } = open(source, "test", settings);
  for await (const batch of batches(epoch, 0)) {
    yield toExampleBatch(settings.caller, batch, settings.kind);
  }
}

/** The data of a run on streams. */
interface StreamOptions extends BatchSettings {
  readonly train: TrainingSource;
  readonly test?: TrainingSource | undefined;
  readonly epochs: number;
  readonly kind: TargetKind;
  /** The number of the net's outputs for such images. */
  readonly outputs: (images: Spec) => number;
}

/** Opens a stream, and looks at its first batch. The start is that of the checkpoint to resume from, if any. */
export async function streamData(options: StreamOptions, start: StartPoint): Promise<TrainingData> {
  const { train, test, epochs, kind } = options, stream = open(train, "train", options);
  const opened = await openStream(stream, positionAt(start), epochs);
  const { images, labels } = toExampleBatch("fit", opened.example, kind);
  const spec = (x: Spec): Spec => ({ shape: x.shape, dtype: x.dtype });
  const examples = { images: spec(images), labels: spec(labels) };
  const classes = options.outputs(examples.images);

  async function* batches() {
    for await (const { batch, ...place } of opened.read() as AsyncIterable<ReadBatch>) {
      const converted = toExampleBatch("fit", batch, kind);
      checkClasses(converted, classes);
      yield { batch: converted, ...place };
    }
  }
  const openInput = ({ epochs: before }: StartPoint): TrainingInput<ExampleBatch> => {
    let epoch = before.length;
    return {
      train: batches,
      test: () => testExamples(test!, { ...options, caller: "fit" }, epoch++),
      inputs: ({ images, labels }) => ({ images, labels }),
      materialize: (inputs) => inputs as Examples,
      [Symbol.asyncDispose]: opened.close,
    };
  };
  const name = ({ name = "a stream" }: { readonly name?: string }) => name;
  return {
    examples,
    classes,
    classNames: stream.classNames,
    stepsPerEpoch: stream.stepsPerEpoch,
    tested: test !== undefined,
    resident: false,
    outline: {
      inputs: { images: placeholder(examples.images), labels: placeholder(examples.labels) },
      materialize: (inputs) => inputs as Examples,
      dataset: 0,
      batches: 0,
    },
    describe: () =>
      Promise.resolve({
        train: `${name(stream)}, batches such as ${showSpec(images)} and ${showSpec(labels)}`,
        test: test ? name(open(test, "test", options)) : "none",
      }),
    open: openInput as TrainingData["open"],
  };
}
