/**
 * Measures seconds and throughput of an epoch.
 *
 * @module
 */

const now = () => performance.now() / 1000;

/**
 * Measures seconds and images of an epoch. Times are accurate only right after a read, which waits for
 * queued work.
 */
export class Meter {
  #epochBegan: number;
  #from = now();
  #measured = now();
  #images = 0;

  /** @param before Seconds of the epoch before this session. */
  constructor(before = 0) {
    this.#epochBegan = now() - before;
  }

  /** Counts images that a step trained on. */
  count(images: number): void {
    this.#images += images;
  }

  /** Seconds since the start of the epoch. */
  get seconds(): number {
    return now() - this.#epochBegan;
  }

  /** Seconds since the last measurement. */
  get sinceMeasured(): number {
    return now() - this.#measured;
  }

  /** Seconds since the start of the epoch, and images per second since the last restart. */
  measure(): { readonly seconds: number; readonly imagesPerSecond: number } {
    this.#measured = now();
    const took = Math.max(this.#measured - this.#from, 1e-6);
    return { seconds: this.#measured - this.#epochBegan, imagesPerSecond: this.#images / took };
  }

  /** Restarts the measurement of throughput, to exclude what came before, such as compilation. */
  restart(): void {
    this.#from = this.#measured = now();
    this.#images = 0;
  }

  /** Starts an epoch. */
  startEpoch(): void {
    this.restart();
    this.#epochBegan = this.#from;
  }
}
