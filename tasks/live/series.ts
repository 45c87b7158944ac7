/**
 * A downsampled series in the view, and what its growth changes there.
 *
 * @module
 */
import type { Change, Path } from "./changes.ts";
import { Downsampled } from "./downsampled.ts";

/** A series at a place in the view. */
export class Series<T> {
  readonly #samples: Downsampled<T>;
  readonly #path: Path;

  /** As {@linkcode Downsampled} has it, at a path. */
  constructor(path: Path, limit: number, merge: (earlier: T, later: T) => T) {
    this.#path = path;
    this.#samples = new Downsampled(limit, merge);
  }

  get #end(): Change {
    const { points } = this.#samples, at = points.length - 1;
    return [[...this.#path, at], points[at]];
  }

  /** The points so far. */
  get points(): readonly T[] {
    return this.#samples.points;
  }

  /** All of it, put in its place. */
  get whole(): Change {
    return [this.#path, [...this.points]];
  }

  /** Adds a sample. */
  add(sample: T): Change {
    return this.#samples.add(sample) ? this.whole : this.#end;
  }

  /** Makes a sample part of the last point. */
  mergeLast(sample: T): Change {
    this.#samples.mergeLast(sample);
    return this.#end;
  }
}
