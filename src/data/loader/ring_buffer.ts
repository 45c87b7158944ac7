/**
 * Memory that two threads share: places for a few batches, and words by which the threads agree on who
 * makes which. Each batch is claimed by one of them, so neither ever waits for one that nobody makes.
 *
 * @module
 */
import type { Batch, Room } from "./collate.ts";

/** The words that both threads look at, each on a cache line of its own. */
const WORD = {
  /** The first batch that nobody has claimed. */
  next: 0,
  /** The batch in use; the places of those before it are free. */
  using: 16,
  /** One of {@linkcode STATE}. */
  state: 32,
} as const;

const STATE = { going: 0, left: 1, failed: 2, ended: 3 } as const;

/** The words at the head of a place. */
const AT = { made: 0, elements: 1, count: 2, epoch: 3, index: 4 } as const;

const CONTROL = 192, HEAD = 64, LINE = 64;

/** Places: for the batch in use, and for those made ahead. */
export const PLACES = 4;

/** The size of a place. */
export interface RingSizes {
  /** Images of a batch. */
  readonly batch: number;
  /** Elements of all of them. */
  readonly elements: number;
}

const padded = (bytes: number) => Math.ceil(bytes / LINE) * LINE;
const strideOf = ({ batch, elements }: RingSizes) =>
  HEAD + padded(4 * batch) + padded(4 * elements);

/** Memory for a ring. */
export const ringMemory = (sizes: RingSizes): SharedArrayBuffer =>
  new SharedArrayBuffer(CONTROL + PLACES * strideOf(sizes));

/** A ring as one of its two threads sees it. */
export class Ring {
  readonly #words: Int32Array;
  readonly #places: readonly { readonly head: Int32Array; readonly room: Room }[];

  /** @param memory What {@linkcode ringMemory} made for these sizes. */
  constructor(memory: SharedArrayBuffer, sizes: RingSizes) {
    const { batch, elements } = sizes, stride = strideOf(sizes);
    // Elsewhere a batch owns its arrays. These are views, good until the next batch is in use.
    const buffer = memory as unknown as ArrayBuffer;
    this.#words = new Int32Array(buffer, 0, CONTROL / 4);
    this.#places = Array.from({ length: PLACES }, (_, i) => {
      const head = CONTROL + i * stride, labels = head + HEAD, images = labels + padded(4 * batch);
      return {
        head: new Int32Array(buffer, head, HEAD / 4),
        room: {
          labels: new Int32Array(buffer, labels, batch),
          images: new Float32Array(buffer, images, elements),
        },
      };
    });
  }

  /** Whether batch `n` is the caller's to make: nobody had claimed it. */
  claim(n: number): boolean {
    return Atomics.compareExchange(this.#words, WORD.next, n, n + 1) === n;
  }

  /** Says that batch `n` is in use, and none before it. */
  use(n: number): void {
    Atomics.store(this.#words, WORD.using, n);
    Atomics.notify(this.#words, WORD.using);
  }

  /** Batch `n`, which the other thread has claimed; undefined if it fails, or takes more than some ms. */
  awaited(n: number, most: number): Batch | undefined {
    const { head } = this.#places[n % PLACES]!, late = performance.now() + most;
    for (;;) {
      const made = Atomics.load(head, AT.made);
      if (made === n + 1) return this.#batch(n);
      const failed = Atomics.load(this.#words, WORD.state) !== STATE.going;
      if (failed || performance.now() > late) return undefined;
      // A page's own thread may not wait, only spin.
      if (!("document" in globalThis)) Atomics.wait(head, AT.made, made, 1);
    }
  }

  #batch(n: number): Batch {
    const { head, room: { images, labels } } = this.#places[n % PLACES]!;
    const count = head[AT.count]!, epoch = head[AT.epoch]! >>> 0, index = head[AT.index]!;
    return { images: images.subarray(0, head[AT.elements]), labels, count, epoch, index };
  }

  /**
   * Claims the next of `length` batches, once there is a place for it.
   *
   * @param idle Milliseconds to wait for a place; after as long, the caller has left.
   * @returns Its number; undefined if the caller is no longer wanted, or has left.
   */
  claimNext(length: number, idle: number): number | undefined {
    const words = this.#words;
    while (Atomics.load(words, WORD.state) === STATE.going) {
      const using = Atomics.load(words, WORD.using), n = Atomics.load(words, WORD.next);
      if (n >= length) return undefined;
      if (n - using < PLACES) {
        if (this.claim(n)) return n;
      } else if (Atomics.wait(words, WORD.using, using, idle) === "timed-out") {
        Atomics.compareExchange(words, WORD.state, STATE.going, STATE.left);
      }
    }
    return undefined;
  }

  /** Whether the other side had left; now somebody is to take its place. */
  recall(): boolean {
    const was = Atomics.compareExchange(this.#words, WORD.state, STATE.left, STATE.going);
    return was === STATE.left;
  }

  /** The arrays in which batch `n` is to be made. */
  room(n: number): Room {
    return this.#places[n % PLACES]!.room;
  }

  /** Says that batch `n` has been made. */
  put(n: number, { images, count, epoch, index }: Batch): void {
    const { head } = this.#places[n % PLACES]!;
    head[AT.elements] = images.length;
    head[AT.count] = count;
    head[AT.epoch] = epoch;
    head[AT.index] = index;
    Atomics.store(head, AT.made, n + 1);
    Atomics.notify(head, AT.made);
  }

  /** Says that the caller has failed to make what it claimed. */
  fail(): void {
    Atomics.store(this.#words, WORD.state, STATE.failed);
  }

  /** Says that no more batches are wanted. */
  end(): void {
    Atomics.store(this.#words, WORD.state, STATE.ended);
    Atomics.notify(this.#words, WORD.using);
  }
}
