/**
 * A ring buffer of batches in shared memory, with atomic words for synchronization. Each batch is claimed
 * by exactly one of two threads, so neither waits for one that nobody makes.
 *
 * @module
 */
import type { Batch, BatchBuffers } from "./collate.ts";

/** The words that both threads access, each on a cache line of its own. */
const WORD = {
  /** The first batch that nobody has claimed. */
  next: 0,
  /** The batch in use; the slots of those before it are free. */
  using: 16,
  /** One of {@linkcode STATE}. */
  state: 32,
} as const;

const STATE = { running: 0, idle: 1, failed: 2, closed: 3 } as const;

/** The words of a slot's header. */
const HEADER = { made: 0, elements: 1, count: 2, epoch: 3, index: 4 } as const;

/** Bytes of the control words, of a slot's header, and of a cache line. */
const CONTROL_BYTES = 192, HEADER_BYTES = 64, LINE = 64;

/** Slots: for the batch in use, and for prefetched ones. */
export const SLOTS = 4;

/** The size of a slot. */
export interface RingSizes {
  /** Elements of a batch's labels. */
  readonly labels: number;
  /** Elements of a batch's images. */
  readonly elements: number;
  /** Whether labels are floats; false if left out. */
  readonly floats?: boolean;
}

const padded = (bytes: number) => Math.ceil(bytes / LINE) * LINE;
const slotBytes = ({ labels, elements }: RingSizes) =>
  HEADER_BYTES + padded(4 * labels) + padded(4 * elements);

/** The bytes of {@linkcode allocateRing}. */
export const ringBytes = (sizes: RingSizes): number => CONTROL_BYTES + SLOTS * slotBytes(sizes);

/** Memory for a ring buffer. */
export const allocateRing = (sizes: RingSizes): SharedArrayBuffer =>
  new SharedArrayBuffer(ringBytes(sizes));

/** One thread's view of a ring buffer. */
export class RingBuffer {
  readonly #words: Int32Array;
  readonly #slots: readonly { readonly header: Int32Array; readonly buffers: BatchBuffers }[];

  /** @param memory The memory from {@linkcode allocateRing} for these sizes. */
  constructor(memory: SharedArrayBuffer, sizes: RingSizes) {
    const { labels: labelCount, elements, floats } = sizes, stride = slotBytes(sizes);
    const Labels = floats ? Float32Array : Int32Array;
    // Elsewhere a batch owns its arrays; these are views, valid until the next batch is in use.
    const buffer = memory as unknown as ArrayBuffer;
    this.#words = new Int32Array(buffer, 0, CONTROL_BYTES / 4);
    this.#slots = Array.from({ length: SLOTS }, (_, i) => {
      const header = CONTROL_BYTES + i * stride,
        labels = header + HEADER_BYTES,
        images = labels + padded(4 * labelCount);
      return {
        header: new Int32Array(buffer, header, HEADER_BYTES / 4),
        buffers: {
          labels: new Labels(buffer, labels, labelCount),
          images: new Float32Array(buffer, images, elements),
        },
      };
    });
  }

  /** Claims batch `n` for the caller to make; returns whether nobody had claimed it. */
  claim(n: number): boolean {
    return Atomics.compareExchange(this.#words, WORD.next, n, n + 1) === n;
  }

  /** Marks batch `n` as in use, and releases the slots of earlier batches. */
  release(n: number): void {
    Atomics.store(this.#words, WORD.using, n);
    Atomics.notify(this.#words, WORD.using);
  }

  /** Waits for batch `n`, which the other thread has claimed; undefined if that fails or takes longer. */
  waitFor(n: number, milliseconds: number): Batch | undefined {
    const { header } = this.#slots[n % SLOTS]!, deadline = performance.now() + milliseconds;
    for (;;) {
      const made = Atomics.load(header, HEADER.made);
      if (made === n + 1) return this.#batch(n);
      const failed = Atomics.load(this.#words, WORD.state) !== STATE.running;
      if (failed || performance.now() > deadline) return undefined;
      // A page's main thread may not block, only spin.
      if (!("document" in globalThis)) Atomics.wait(header, HEADER.made, made, 1);
    }
  }

  #batch(n: number): Batch {
    const { header, buffers: { images, labels } } = this.#slots[n % SLOTS]!;
    const count = header[HEADER.count]!,
      epoch = header[HEADER.epoch]! >>> 0,
      index = header[HEADER.index]!;
    return { images: images.subarray(0, header[HEADER.elements]), labels, count, epoch, index };
  }

  /**
   * Claims the next of `length` batches, once a slot is free.
   *
   * @param idle Milliseconds to wait for a slot; after that, the caller counts as idle.
   * @returns Its number; undefined if no batch is left, the ring is closed, or the caller is idle.
   */
  claimNext(length: number, idle: number): number | undefined {
    const words = this.#words;
    while (Atomics.load(words, WORD.state) === STATE.running) {
      const using = Atomics.load(words, WORD.using), n = Atomics.load(words, WORD.next);
      if (n >= length) return undefined;
      if (n - using < SLOTS) {
        if (this.claim(n)) return n;
      } else if (Atomics.wait(words, WORD.using, using, idle) === "timed-out") {
        Atomics.compareExchange(words, WORD.state, STATE.running, STATE.idle);
      }
    }
    return undefined;
  }

  /** Returns whether the other thread had exited as idle, and marks the ring as running for a new one. */
  revive(): boolean {
    const was = Atomics.compareExchange(this.#words, WORD.state, STATE.idle, STATE.running);
    return was === STATE.idle;
  }

  /** The arrays of batch `n`'s slot. */
  buffers(n: number): BatchBuffers {
    return this.#slots[n % SLOTS]!.buffers;
  }

  /** Publishes batch `n` to the other thread. */
  publish(n: number, { images, count, epoch, index }: Batch): void {
    const { header } = this.#slots[n % SLOTS]!;
    header[HEADER.elements] = images.length;
    header[HEADER.count] = count;
    header[HEADER.epoch] = epoch;
    header[HEADER.index] = index;
    Atomics.store(header, HEADER.made, n + 1);
    Atomics.notify(header, HEADER.made);
  }

  /** Records that the caller failed to make a batch that it claimed. */
  fail(): void {
    Atomics.store(this.#words, WORD.state, STATE.failed);
  }

  /** Closes the ring: no more batches are needed. */
  close(): void {
    Atomics.store(this.#words, WORD.state, STATE.closed);
    Atomics.notify(this.#words, WORD.using);
  }
}
