/**
 * Batches of images from streams: those of the next batches are requested before they are needed.
 *
 * @module
 */
import type { ImageReader } from "../image_stream.ts";
import type { Dataset } from "../dataset.ts";
import { inputSize, type Prepared } from "../prepared.ts";
import { type Batch, type BatchBuffers, collate } from "./collate.ts";
import { type BatchPlan, imageRequests } from "./sampler.ts";

/** The batches that are requested beyond the one in use. */
const AHEAD = 2;

/** The images that are requested at once where no batch is made of them. */
const READ_AT_ONCE = 64;

/** A planned batch of a source. */
export interface PlannedRead {
  readonly source: Prepared;
  readonly plan: BatchPlan;
}

/** Batches in their order. */
export interface BatchReader extends Disposable {
  /** The next batch, in the given buffers or in new ones. */
  next(buffers?: BatchBuffers): Batch;
}

/** Reads `length` batches, of which `read` plans each once, in order. Sources may be in memory too. */
export function readAhead(read: (index: number) => PlannedRead, length: number): BatchReader {
  const readers = new Map<Prepared, ImageReader>(), planned: PlannedRead[] = [];
  let requested = 0;
  const readerOf = (source: Prepared): ImageReader | undefined => {
    const { stream } = source.dataset;
    if (!stream) return undefined;
    const reader = readers.get(source) ?? stream.open(inputSize(source));
    readers.set(source, reader);
    return reader;
  };
  return {
    next(buffers) {
      while (requested < length && planned.length <= AHEAD) {
        const next = read(requested++);
        planned.push(next);
        readerOf(next.source)?.request(imageRequests(next.plan));
      }
      const { source, plan } = planned.shift()!;
      return collate(source, plan, buffers, readerOf(source));
    },
    [Symbol.dispose]: () => readers.forEach((reader) => reader[Symbol.dispose]()),
  };
}

/** The bytes of the first images of a stream, without those that cannot be read. */
export function readImages(dataset: Dataset, count: number): Uint8Array<ArrayBuffer> {
  const { height, width, channels } = dataset, size = height * width * channels;
  const images = new Uint8Array(count * size);
  using reader = dataset.stream!.open(dataset);
  let length = 0;
  for (let from = 0; from < count; from += READ_AT_ONCE) {
    const indices = Array.from(
      { length: Math.min(READ_AT_ONCE, count - from) },
      (_, i) => from + i,
    );
    reader.request(indices.map((index) => ({ index })));
    for (const _ of indices) {
      const bytes = reader.next();
      if (!bytes) continue;
      images.set(bytes.subarray(0, size), length);
      length += size;
    }
  }
  return images.subarray(0, length);
}
