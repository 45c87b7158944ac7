/**
 * Decides whether to share passes among threads: on a busy machine a worker may be descheduled for
 * milliseconds while the caller waits for its chunk.
 *
 * @module
 */

/** The most milliseconds of gain that are remembered, so that a machine that becomes busy is soon noticed. */
const MAX_CREDIT = 40;
/** The milliseconds of gain after which a loss counts as the first one again. */
const REGAINED = 5;
/** The milliseconds of loss from which on the caller works alone. */
const MAX_DEBT = 0.1;
/** The caller then works alone for this many times the loss, which bounds the total cost of sharing. */
const PAUSE = 16;
/**
 * The most times that this pause doubles while sharing does not pay: on a busy machine, retries become
 * rare.
 */
const MAX_DOUBLINGS = 1;
/** The longest pause in milliseconds, since a process may have been suspended for hours. */
const MAX_PAUSE = 10_000;

/** The most milliseconds for which a worker without work keeps the caller's own processor from it. */
const MAX_DISPLACED = 0.2;

/** The factor by which the estimate for a pass may grow from one run to the next. */
const MAX_SLOWDOWN = 1.02;

/**
 * Updates the estimate of a pass's time on one undisturbed thread, in milliseconds. Disturbances only make
 * it longer, so smaller measurements get more weight.
 */
export function updateSoloMs(known: number, found: number): number {
  if (known === Infinity) return found;
  return found < known ? (known + found) / 2 : Math.min(found, MAX_SLOWDOWN * known);
}

/** Gains and losses of passes that were shared, in milliseconds. */
export class SharingPolicy {
  #debt = 0;
  /** The time until which the caller works alone. */
  #aloneUntil = -Infinity;
  /** The number of pauses since sharing last paid. */
  #losses = 0;
  /** The gains since the last pause. */
  #gains = 0;

  /** Whether to share a pass now. */
  pays(now: number): boolean {
    return now >= this.#aloneUntil;
  }

  /**
   * Records a shared pass that ended now.
   *
   * @param took Its duration in milliseconds.
   * @param soloMs The estimated duration on the caller's thread alone.
   * @param idle The milliseconds in which the caller did none of its work: it woke workers, or waited for
   * them. What else was lost is mostly the machine's doing, and working alone would not avoid it.
   */
  record(now: number, took: number, soloMs: number, idle: number = took) {
    const loss = Math.min(took - soloMs, idle + MAX_DISPLACED);
    this.#gains -= loss;
    if (this.#gains >= REGAINED) this.#losses = 0;
    this.#debt = Math.max(-MAX_CREDIT, this.#debt + loss);
    if (this.#debt <= MAX_DEBT) return;
    const pause = PAUSE * this.#debt * 2 ** Math.min(MAX_DOUBLINGS, this.#losses++);
    this.#aloneUntil = now + Math.min(MAX_PAUSE, pause);
    this.#debt = this.#gains = 0;
  }
}
