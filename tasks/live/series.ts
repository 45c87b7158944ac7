/**
 * A series of bounded length, and what its growth changes in the view.
 *
 * @module
 */
import type { Change, Path } from "./changes.ts";
import { Thinned } from "./downsampled.ts";

/** A series at a place in the view. */
export class Shown<T> {
  readonly #series: Thinned<T>;
  readonly #path: Path;

  /** As `Thinned` has it, at a path. */
  constructor(path: Path, limit: number, join: (a: T, b: T) => T) {
    this.#path = path;
    this.#series = new Thinned(limit, join);
  }

  get #end(): Change {
    const { points } = this.#series, at = points.length - 1;
    return [[...this.#path, at], points[at]];
  }

  /** The points so far. */
  get points(): readonly T[] {
    return this.#series.points;
  }

  /** All of it, put in its place. */
  get whole(): Change {
    return [this.#path, [...this.points]];
  }

  /** Adds to it. */
  add(thing: T): Change {
    return this.#series.add(thing) ? this.whole : this.#end;
  }

  /** Makes a thing part of its last point. */
  join(thing: T): Change {
    this.#series.join(thing);
    return this.#end;
  }
}
