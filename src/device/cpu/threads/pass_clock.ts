/**
 * Splits the time of a task among its passes by what each took on the caller's own thread.
 *
 * @module
 */

/** Times the passes of one task at a time. */
export class PassClock {
  #ms: Float64Array | undefined;
  #last = 0;

  /** Whether a task is being timed. */
  get isOn(): boolean {
    return this.#ms !== undefined;
  }

  /** Starts timing a task; `ms` will hold the milliseconds of each of its passes. */
  start(ms: Float64Array) {
    this.#ms = ms.fill(0);
    this.#last = performance.now();
  }

  /** Counts the time since the last lap to a pass. */
  readonly lap = (pass: number): void => {
    const now = performance.now();
    this.#ms![pass]! += now - this.#last;
    this.#last = now;
  };

  /** Ends timing a task that took so many milliseconds on all threads together. */
  end(total: number) {
    const ms = this.#ms!, own = ms.reduce((a, b) => a + b, 0);
    for (let i = 0; i < ms.length; i++) ms[i] = own > 0 ? ms[i]! * total / own : total / ms.length;
    this.#ms = undefined;
  }
}
