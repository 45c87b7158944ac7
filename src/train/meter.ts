/**
 * Counting images and seconds while work is queued on a device.
 *
 * @module
 */

const now = () => performance.now() / 1000;

/** Seconds and images of an epoch. Times are true right after a read, which waits for all work. */
export class Meter {
  #epochBegan: number;
  #from = now();
  #measured = now();
  #images = 0;

  /** @param before Seconds of the epoch that have passed already. */
  constructor(before = 0) {
    this.#epochBegan = now() - before;
  }

  /** Counts images that a step trained on. */
  count(images: number): void {
    this.#images += images;
  }

  /** Seconds since the epoch began. */
  get seconds(): number {
    return now() - this.#epochBegan;
  }

  /** Seconds since the last measurement. */
  get sinceMeasured(): number {
    return now() - this.#measured;
  }

  /** Seconds since the epoch began, and images a second since the throughput has been measured. */
  measure(): { readonly seconds: number; readonly imagesPerSecond: number } {
    this.#measured = now();
    const took = Math.max(this.#measured - this.#from, 1e-6);
    return { seconds: this.#measured - this.#epochBegan, imagesPerSecond: this.#images / took };
  }

  /** Measures the throughput from here on: what came before, such as compiling, is not typical. */
  restart(): void {
    this.#from = this.#measured = now();
    this.#images = 0;
  }

  /** Begins an epoch. */
  startEpoch(): void {
    this.restart();
    this.#epochBegan = this.#from;
  }
}
