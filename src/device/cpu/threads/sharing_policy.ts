/**
 * Whether it pays to share work out: on a busy machine a worker that has taken a piece may lose its
 * processor for milliseconds, while the caller waits.
 *
 * @module
 */

/** Milliseconds of gain that are remembered at most, so that a machine that gets busy is soon noticed. */
const CREDIT = 5;
/** Milliseconds of loss from which on the caller works alone. */
const LIMIT = 0.1;
/** How much longer than the loss it does so: what sharing may cost in all is one in so many. */
const REST = 16;
/** How often that may double while no credit is gained: on a machine that stays busy, trying is rare. */
const DOUBLINGS = 6;
/** The longest time alone, in milliseconds: a process may have been stopped for hours. */
const LONGEST = 10_000;

/** By how much a pass may become slower from one time to the next. */
const SLOWER = 1.02;

/**
 * What a pass takes a thread that nothing disturbs, from what was known and what was found now. Disturbances
 * make it longer, so what is less counts more.
 */
export function undisturbed(known: number, found: number): number {
  if (known === Infinity) return found;
  return found < known ? (known + found) / 2 : Math.min(found, SLOWER * known);
}

/** Gains and losses of passes that were shared, in milliseconds. */
export class Sharing {
  #debt = 0;
  #alone = -Infinity;
  /** Times that sharing was given up since it last paid. */
  #losses = 0;

  /** Whether a pass is to be shared now. */
  pays(now: number): boolean {
    return now >= this.#alone;
  }

  /**
   * Takes note of a shared pass that ended now.
   *
   * @param took How long it took.
   * @param alone How long the caller alone would have taken.
   */
  note(now: number, took: number, alone: number) {
    this.#debt = Math.max(-CREDIT, this.#debt + took - alone);
    if (this.#debt === -CREDIT) this.#losses = 0;
    if (this.#debt <= LIMIT) return;
    const rest = REST * this.#debt * 2 ** Math.min(DOUBLINGS, this.#losses++);
    this.#alone = now + Math.min(LONGEST, rest);
    this.#debt = 0;
  }
}
