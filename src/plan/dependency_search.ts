/**
 * Searches the steps that some steps depend on, or that depend on them, one at a time.
 *
 * @module
 */
import type { Step } from "./plan.ts";

/** Steps that others depend on or, on the other side, that depend on them. */
export interface Between {
  readonly side: "before" | "after";
  readonly steps: ReadonlySet<Step>;
}

/** A search from some steps, the members, along dependencies in one direction. */
export class DependencySearch {
  /** The steps found, members excepted. */
  readonly found: Set<Step> = new Set();
  /** Whether a step that was found leads back to a member. */
  returns = false;
  readonly #members: ReadonlySet<Step>;
  readonly #isWithin: (step: Step) => boolean;
  readonly #nextOf: (step: Step) => Iterable<Step>;
  readonly #left: Step[];

  /**
   * @param isWithin Whether a step is to be searched.
   * @param nextOf The steps that a step leads to directly.
   */
  constructor(
    members: ReadonlySet<Step>,
    isWithin: (step: Step) => boolean,
    nextOf: (step: Step) => Iterable<Step>,
  ) {
    this.#members = members;
    this.#isWithin = isWithin;
    this.#nextOf = nextOf;
    this.#left = [...members];
  }

  get isDone(): boolean {
    return this.returns || this.#left.length === 0;
  }

  /** Searches one more step. */
  advance(): void {
    const step = this.#left.pop();
    if (!step) return;
    for (const next of this.#nextOf(step)) {
      if (this.#members.has(next)) this.returns ||= this.found.has(step);
      else if (!this.found.has(next) && this.#isWithin(next)) {
        this.found.add(next);
        this.#left.push(next);
      }
    }
  }
}
