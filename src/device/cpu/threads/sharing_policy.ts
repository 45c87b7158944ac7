/**
 * Whether it pays to share work out: on a busy machine a worker that has taken a piece may lose its
 * processor for milliseconds, while the caller waits.
 *
 * @module
 */

/** Milliseconds of gain that are remembered at most, so that a machine that gets busy is soon noticed. */
const MAX_CREDIT = 5;
/** Milliseconds of loss from which on the caller works alone. */
const MAX_DEBT = 0.1;
/** How much longer than the loss it does so: what sharing may cost in all is one in so many. */
const PAUSE = 16;
/** How often that may double while no credit is gained: on a machine that stays busy, trying is rare. */
const MAX_DOUBLINGS = 6;
/** The longest time alone, in milliseconds: a process may have been stopped for hours. */
const MAX_PAUSE = 10_000;

/** By how much a pass may become slower from one time to the next. */
const MAX_SLOWDOWN = 1.02;

/**
 * The milliseconds that a pass takes a thread that nothing disturbs, from what was known and what was found
 * now. Disturbances make it longer, so what is less counts more.
 */
export function updateSoloMs(known: number, found: number): number {
  if (known === Infinity) return found;
  return found < known ? (known + found) / 2 : Math.min(found, MAX_SLOWDOWN * known);
}

/** Gains and losses of passes that were shared, in milliseconds. */
export class SharingPolicy {
  #debt = 0;
  /** Until when the caller works alone. */
  #aloneUntil = -Infinity;
  /** Times that sharing was given up since it last paid. */
  #losses = 0;

  /** Whether a pass is to be shared now. */
  pays(now: number): boolean {
    return now >= this.#aloneUntil;
  }

  /**
   * Takes note of a shared pass that ended now.
   *
   * @param took How long it took.
   * @param soloMs How long the caller alone would have taken.
   */
  record(now: number, took: number, soloMs: number) {
    this.#debt = Math.max(-MAX_CREDIT, this.#debt + took - soloMs);
    if (this.#debt === -MAX_CREDIT) this.#losses = 0;
    if (this.#debt <= MAX_DEBT) return;
    const pause = PAUSE * this.#debt * 2 ** Math.min(MAX_DOUBLINGS, this.#losses++);
    this.#aloneUntil = now + Math.min(MAX_PAUSE, pause);
    this.#debt = 0;
  }
}
