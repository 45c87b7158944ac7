/**
 * Signs of life of programs that renew files: how long ago each was last seen to do so.
 *
 * @module
 */

/** Milliseconds. */
type Time = number;

/** The last renewal of a program's file, and when it was seen by this machine's clock. */
interface Sign {
  readonly renewed: Time;
  readonly seen: Time;
}

/**
 * How long ago files were renewed, by this machine's clock. The time of a file is of another clock, perhaps a
 * wrong one, so that it counts only until a renewal has been seen.
 */
export class Signs {
  readonly #signs = new Map<string, Sign>();

  /** Milliseconds since the file of a program with a key was renewed, which has a time. */
  since(key: string, renewed: Time, now: Time = Date.now()): Time {
    const before = this.#signs.get(key);
    if (before?.renewed === renewed) return now - before.seen;
    const seen = before ? now : Math.min(now, renewed);
    this.#signs.set(key, { renewed, seen });
    return now - seen;
  }
}
