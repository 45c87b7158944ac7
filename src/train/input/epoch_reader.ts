/**
 * Reads a stream's batches epoch by epoch, one batch ahead.
 *
 * @module
 */
import type { OpenStream, StreamedBatch } from "./batch_stream.ts";

/** An iterator of batches that is always asynchronous. */
interface Reader {
  next(): Promise<IteratorResult<StreamedBatch, unknown>>;
  close(): Promise<void>;
}

/** Opens the batches of an epoch. */
function openEpoch({ batches }: OpenStream, epoch: number, from = 0): Reader {
  const source = batches(epoch, from);
  const iterator = Symbol.asyncIterator in source
    ? source[Symbol.asyncIterator]()
    : source[Symbol.iterator]();
  let ended = false;
  return {
    next: async () => {
      const result = await iterator.next();
      ended ||= result.done === true;
      return result;
    },
    close: async () => {
      if (!ended) await iterator.return?.();
    },
  };
}

/** The first batch of an epoch, and its other ones. */
interface Peeked {
  readonly first: StreamedBatch;
  readonly reader: Reader;
}

const ONCE = "; an iterable that can be read only once, such as a generator, serves one epoch: " +
  "give a function (epoch) => batches instead";

async function peek(stream: OpenStream, epoch: number): Promise<Peeked> {
  const reader = openEpoch(stream, epoch), { done, value } = await reader.next();
  if (!done) return { first: value, reader };
  throw new RangeError(
    `fit: expected batches in epoch ${epoch + 1}, found none${epoch > 0 ? ONCE : ""}`,
  );
}

/** Where in a run a stream is read from. */
export interface StreamPosition {
  /** The epoch, from 0. */
  readonly epoch: number;
  /** The batches of it that have been seen. */
  readonly from: number;
}

/** Continues an epoch at a batch: the stream does so itself, or batches are read and left out. */
async function continueAt(
  stream: OpenStream,
  { first, reader }: Peeked,
  { epoch, from }: StreamPosition,
): Promise<[IteratorResult<StreamedBatch, unknown>, Reader]> {
  if (from === 0) return [{ value: first, done: false }, reader];
  if (stream.restartable) {
    await reader.close();
    const later = openEpoch(stream, epoch, from);
    return [await later.next(), later];
  }
  for (let skipped = 1; skipped < from; skipped++) await reader.next();
  return [await reader.next(), reader];
}

/** A batch of a stream, and its place in the epoch. */
export interface ReadBatch {
  readonly batch: StreamedBatch;
  readonly first: boolean;
  readonly last: boolean | Promise<boolean>;
}

const tooFew = (expected: number, found: number, epoch: number) =>
  new RangeError(
    `fit: expected ${expected} batches in epoch ${
      epoch + 1
    }, as stepsPerEpoch says, found ${found}`,
  );

/** The batches of one epoch; the next one is asked for before one is used. */
async function* readEpoch(
  stream: OpenStream,
  peeked: Peeked,
  at: StreamPosition,
): AsyncGenerator<ReadBatch, void> {
  const { stepsPerEpoch = Infinity } = stream;
  let [current, reader] = await continueAt(stream, peeked, at);
  try {
    for (let index = at.from; !current.done; index++) {
      const batch = current.value, first = index === 0;
      if (index + 1 === stepsPerEpoch) {
        yield { batch, first, last: true };
        return;
      }
      const next = reader.next(),
        last = next.then(({ done }) => {
          if (done && stepsPerEpoch < Infinity) throw tooFew(stepsPerEpoch, index + 1, at.epoch);
          return done === true;
        });
      // Whoever awaits it gets the error; nobody does if the run is stopped.
      last.catch(() => {});
      yield { batch, first, last };
      current = await next;
    }
  } finally {
    await reader.close();
  }
}

/** A stream that has been opened: its first batch tells what batches are like. */
export interface OpenedStream {
  /** The first batch of the epoch. */
  readonly example: StreamedBatch;
  /** The batches to the end of the run. */
  read(): AsyncGenerator<ReadBatch, void>;
  /** Closes what was opened and not read. */
  close(): Promise<void>;
}

/** Opens a stream at a position of a run of so many epochs. */
export async function openStream(
  stream: OpenStream,
  position: StreamPosition,
  epochs: number,
): Promise<OpenedStream> {
  let opened: Peeked | undefined = await peek(stream, Math.min(position.epoch, epochs - 1));
  return {
    example: opened.first,
    async *read() {
      let { epoch, from } = position;
      for (; epoch < epochs; epoch++, from = 0) {
        const peeked = opened ?? await peek(stream, epoch);
        opened = undefined;
        yield* readEpoch(stream, peeked, { epoch, from });
      }
    },
    close: async () => await opened?.reader.close(),
  };
}
