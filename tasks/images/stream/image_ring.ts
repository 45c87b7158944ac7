/**
 * A ring of images in shared memory: one thread requests them, others make them, in any order, and the first
 * one takes them in order. At most as many are requested as there are slots.
 *
 * @module
 */
import type { KeyData } from "../../../src/threefry.ts";
import type { ImageRequest } from "../../../src/data/image_stream.ts";

/** The words that threads share, each on a cache line of its own. */
const WORD = { requested: 0, claimed: 16, closed: 32, started: 48, ended: 56 } as const;

/** The words of a slot: the image's number + 1 once it is made, negative where that failed; what it is. */
const SLOT = { made: 0, length: 1, index: 2, keyed: 3, key0: 4, key1: 5 } as const;

/** Words of control, and of a slot. */
const CONTROL_WORDS = 64, SLOT_WORDS = 16;

/** Room for the message of a fault in a slot. */
const LEAST_BYTES = 1024;

/** The size of a ring. */
export interface RingSize {
  readonly slots: number;
  /** Bytes of the largest image. */
  readonly bytes: number;
}

/** A request with its number. */
export interface NumberedRequest extends ImageRequest {
  readonly n: number;
}

const slotBytes = ({ bytes }: RingSize) => Math.ceil(Math.max(bytes, LEAST_BYTES) / 64) * 64;
const headBytes = ({ slots }: RingSize) => 4 * (CONTROL_WORDS + SLOT_WORDS * slots);

/** Memory for a ring. */
export const allocateImageRing = (size: RingSize): SharedArrayBuffer =>
  new SharedArrayBuffer(headBytes(size) + size.slots * slotBytes(size));

/** One thread's view of a ring. */
export class ImageRing {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #size: RingSize;

  /** @param memory The memory from {@linkcode allocateImageRing} for this size. */
  constructor(memory: SharedArrayBuffer, size: RingSize) {
    this.#words = new Int32Array(memory, 0, headBytes(size) / 4);
    this.#bytes = new Uint8Array(memory, headBytes(size));
    this.#size = size;
  }

  /** Where the words of image `n`'s slot begin. */
  #slot(n: number): number {
    return CONTROL_WORDS + SLOT_WORDS * (n % this.#size.slots);
  }

  /** The bytes of image `n`'s slot. */
  #content(n: number, length: number): Uint8Array {
    const start = slotBytes(this.#size) * (n % this.#size.slots);
    return this.#bytes.subarray(start, start + length);
  }

  /** Requests the image of the next number, `n`, whose slot must be free. */
  request({ n, index, key }: NumberedRequest): void {
    const words = this.#words, slot = this.#slot(n);
    words.set([index, Number(key !== undefined), key?.[0] ?? 0, key?.[1] ?? 0], slot + SLOT.index);
    Atomics.store(words, WORD.requested, n + 1);
    Atomics.notify(words, WORD.requested);
  }

  /**
   * Claims the next image to make.
   *
   * @param wait Whether to block until one is requested.
   * @returns undefined where none is requested, or the ring is closed.
   */
  claim(wait: boolean): NumberedRequest | undefined {
    const words = this.#words;
    while (!this.closed) {
      const requested = Atomics.load(words, WORD.requested), n = Atomics.load(words, WORD.claimed);
      if (n < requested) {
        if (Atomics.compareExchange(words, WORD.claimed, n, n + 1) === n) return this.#claimed(n);
      } else if (wait) Atomics.wait(words, WORD.requested, requested);
      else return undefined;
    }
  }

  /** Whether the ring is closed: no more images are needed. */
  get closed(): boolean {
    return Atomics.load(this.#words, WORD.closed) !== 0;
  }

  #claimed(n: number): NumberedRequest {
    const [index, keyed, key0, key1] = this.#words.subarray(this.#slot(n) + SLOT.index);
    const key: KeyData | undefined = keyed ? [key0! >>> 0, key1! >>> 0] : undefined;
    return { n, index: index!, key };
  }

  /** Publishes image `n`, or why there is none. */
  publish(n: number, image: Uint8Array | string): void {
    const failed = typeof image === "string", slot = this.#slot(n);
    const most = slotBytes(this.#size);
    const bytes = failed ? new TextEncoder().encode(image).subarray(0, most) : image;
    this.#content(n, bytes.length).set(bytes);
    this.#words[slot + SLOT.length] = bytes.length;
    Atomics.store(this.#words, slot + SLOT.made, failed ? -(n + 1) : n + 1);
    Atomics.notify(this.#words, slot + SLOT.made);
  }

  /** Waits for image `n`: its bytes, valid until its slot is requested again, or why there are none; undefined at the limit. */
  take(n: number, milliseconds: number): Uint8Array | string | undefined {
    const words = this.#words, slot = this.#slot(n), end = performance.now() + milliseconds;
    for (;;) {
      const made = Atomics.load(words, slot + SLOT.made);
      if (Math.abs(made) === n + 1) {
        const content = this.#content(n, words[slot + SLOT.length]!);
        return made > 0 ? content : new TextDecoder().decode(content.slice());
      }
      const left = end - performance.now();
      if (left <= 0) return undefined;
      Atomics.wait(words, slot + SLOT.made, made, left);
    }
  }

  /** Counts a thread that makes images. */
  start(): void {
    Atomics.add(this.#words, WORD.started, 1);
  }

  /** Counts a thread that makes no more images. */
  end(): void {
    Atomics.add(this.#words, WORD.ended, 1);
    Atomics.notify(this.#words, WORD.ended);
  }

  /** Waits until all threads that have started have ended. */
  waitForEnd(milliseconds: number): void {
    const words = this.#words, limit = performance.now() + milliseconds;
    for (let left = milliseconds; left > 0; left = limit - performance.now()) {
      const ended = Atomics.load(words, WORD.ended);
      if (ended >= this.started) return;
      Atomics.wait(words, WORD.ended, ended, left);
    }
  }

  /** How many threads have started. */
  get started(): number {
    return Atomics.load(this.#words, WORD.started);
  }

  /** Ends the threads that make images. */
  close(): void {
    Atomics.store(this.#words, WORD.closed, 1);
    // A thread that is about to wait finds another number, and does not.
    Atomics.add(this.#words, WORD.requested, 1);
    Atomics.notify(this.#words, WORD.requested);
  }
}
