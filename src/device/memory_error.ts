/**
 * What a device throws that has no room.
 *
 * @module
 */

/** A device cannot hold what it is asked to; the message says what that was, and what helps. */
export class MemoryError extends RangeError {
  /** The name shown in a stack trace. */
  override readonly name = "MemoryError";

  /** @param found What was expected and what was found. */
  constructor(found: string) {
    super(`${found}; use a smaller batch or a smaller net`);
  }
}
