/**
 * A downsampled series at a path of the view, and the changes for its growth.
 *
 * @module
 */
import type { Change, Path } from "./changes.ts";
import { Downsampled } from "./downsampled.ts";

/** A downsampled series at a path of the view. */
export class Series<T> {
  readonly #samples: Downsampled<T>;
  readonly #path: Path;

  /** Parameters as for {@linkcode Downsampled}. */
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

  /** The change that replaces all points. */
  get whole(): Change {
    return [this.#path, [...this.points]];
  }

  /** Adds a sample. */
  add(sample: T): Change {
    return this.#samples.add(sample) ? this.whole : this.#end;
  }

  /** Merges a sample into the last point. */
  mergeLast(sample: T): Change {
    this.#samples.mergeLast(sample);
    return this.#end;
  }
}
