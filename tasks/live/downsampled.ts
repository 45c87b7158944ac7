/**
 * A series of bounded length: whenever it is full, its resolution is halved.
 *
 * @module
 */

/** A series of at most `limit` points that covers all samples. */
export class Downsampled<T> {
  /** The points, in order. They are changed in place. */
  readonly points: T[] = [];
  readonly #limit: number;
  readonly #merge: (earlier: T, later: T) => T;
  /** How many samples a point has, and how many the last point has so far. */
  #each = 1;
  #last = 1;

  /**
   * @param limit The most points; even, so that points can be merged in pairs.
   * @param merge Merges two neighbors.
   */
  constructor(limit: number, merge: (earlier: T, later: T) => T) {
    if (!(Number.isInteger(limit) && limit > 0 && limit % 2 === 0)) {
      throw new RangeError(`Downsampled: expected an even limit above 0, found ${limit}`);
    }
    this.#limit = limit;
    this.#merge = merge;
  }

  /** Adds a sample; returns whether other points than the last have changed too. */
  add(sample: T): boolean {
    if (this.points.length > 0 && this.#last < this.#each) {
      this.mergeLast(sample);
      this.#last++;
      return false;
    }
    const full = this.points.length === this.#limit;
    if (full) this.#halve();
    this.points.push(sample);
    this.#last = 1;
    return full;
  }

  /** Merges a sample into the last point, however many samples that has. */
  mergeLast(sample: T): void {
    const at = this.points.length - 1;
    this.points[at] = this.#merge(this.points[at]!, sample);
  }

  #halve() {
    const { points } = this;
    for (let i = 0; i < points.length; i += 2) {
      points[i / 2] = this.#merge(points[i]!, points[i + 1]!);
    }
    points.length /= 2;
    this.#each *= 2;
  }
}
