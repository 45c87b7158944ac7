/**
 * Backpressure: limits the calls in flight, by how long they take.
 *
 * @module
 */

/** The range of the limit on calls in flight. */
const IN_FLIGHT = { least: 8, most: 64 };
/** Milliseconds of work to aim at between two waits, as each wait leaves the GPU idle for a moment. */
const BETWEEN_WAITS = 100;

/** Counts calls in flight. */
export class Backpressure {
  #queued = 0;
  #allowed = IN_FLIGHT.least;
  #last: number;
  readonly #now: () => number;

  /** @param now A clock, in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#last = now();
  }

  /** Whether the next call should wait. */
  get isFull(): boolean {
    return this.#queued >= this.#allowed;
  }

  /** Whether any call is in flight. */
  get isBusy(): boolean {
    return this.#queued > 0;
  }

  /** Counts a call. */
  submitted() {
    this.#queued++;
  }

  /** Called when all work is done; adjusts the limit to the duration of calls. */
  drained() {
    const now = this.#now();
    const wanted = Math.round(this.#queued * BETWEEN_WAITS / (now - this.#last));
    this.#allowed = Math.min(IN_FLIGHT.most, Math.max(IN_FLIGHT.least, wanted));
    this.#queued = 0;
    this.#last = now;
  }
}
