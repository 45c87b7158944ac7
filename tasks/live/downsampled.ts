/**
 * A series that never grows beyond a limit: whenever it would, its resolution is halved.
 *
 * @module
 */

/** A series of at most so many points, from the first thing added to the last. */
export class Thinned<T> {
  /** The points, in order. They are changed in place. */
  readonly points: T[] = [];
  readonly #limit: number;
  readonly #join: (earlier: T, later: T) => T;
  /** How many things make a point, and how many the last one is made of. */
  #each = 1;
  #last = 1;

  /**
   * @param limit The most points; even, so that all of them have a neighbour.
   * @param join What two neighbours become.
   */
  constructor(limit: number, join: (earlier: T, later: T) => T) {
    if (!(Number.isInteger(limit) && limit > 0 && limit % 2 === 0)) {
      throw new RangeError(`Thinned: expected an even limit above 0, found ${limit}`);
    }
    this.#limit = limit;
    this.#join = join;
  }

  /** Adds a thing; whether other points than the last have changed too. */
  add(thing: T): boolean {
    if (this.points.length > 0 && this.#last < this.#each) {
      this.join(thing);
      this.#last++;
      return false;
    }
    const full = this.points.length === this.#limit;
    if (full) this.#halve();
    this.points.push(thing);
    this.#last = 1;
    return full;
  }

  /** Makes a thing part of the last point, whatever that is made of. */
  join(thing: T): void {
    const at = this.points.length - 1;
    this.points[at] = this.#join(this.points[at]!, thing);
  }

  #halve() {
    const { points } = this;
    for (let i = 0; i < points.length; i += 2) {
      points[i / 2] = this.#join(points[i]!, points[i + 1]!);
    }
    points.length /= 2;
    this.#each *= 2;
  }
}
