/**
 * The out-of-memory error of devices.
 *
 * @module
 */

/** A device is out of memory; the message says what did not fit, and what to do. */
export class MemoryError extends RangeError {
  /** The name shown in a stack trace. */
  override readonly name = "MemoryError";

  /** @param found What was expected and what was found. */
  constructor(found: string) {
    super(`${found}; use a smaller batch or a smaller net`);
  }
}
