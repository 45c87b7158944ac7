/**
 * Counting images and seconds while work is queued on a device.
 *
 * @module
 */

const now = () => performance.now() / 1000;

/** Seconds and images of an epoch. Times are true right after a read, which waits for all work. */
export class Meter {
  #began: number;
  #from = now();
  #told = now();
  #images = 0;

  /** @param before Seconds of the epoch that have passed already. */
  constructor(before = 0) {
    this.#began = now() - before;
  }

  /** Images that a step trained on. */
  count(images: number): void {
    this.#images += images;
  }

  /** Seconds since the epoch began. */
  get seconds(): number {
    return now() - this.#began;
  }

  /** Seconds since something was last told. */
  get silence(): number {
    return now() - this.#told;
  }

  /** Seconds since the epoch began, and images a second since the speed has been measured. */
  tell(): { readonly seconds: number; readonly imagesPerSecond: number } {
    this.#told = now();
    const took = Math.max(this.#told - this.#from, 1e-6);
    return { seconds: this.#told - this.#began, imagesPerSecond: this.#images / took };
  }

  /** Measures the speed from here on: what came before, such as compiling, is not typical. */
  restart(): void {
    this.#from = this.#told = now();
    this.#images = 0;
  }

  /** Begins an epoch. */
  begin(): void {
    this.restart();
    this.#began = this.#from;
  }
}
