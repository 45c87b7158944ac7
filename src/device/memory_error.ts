/**
 * The out-of-memory error of devices.
 *
 * @module
 */

/**
 * A device is out of memory; the message says what did not fit, and what to do.
 *
 * @example
 * ```ts
 * import { MemoryError, open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "cpu" });
 * try {
 *   await run.read(ops.broadcastTo(tensor([1]), [1 << 16, 1 << 15]));
 * } catch (error) {
 *   console.assert(error instanceof MemoryError);
 * }
 * ```
 */
export class MemoryError extends RangeError {
  /** The name shown in a stack trace. */
  override readonly name: string = "MemoryError";

  /** What was expected and what was found, without what helps. */
  readonly found: string;

  /** How many times as large as it can be the buffer is that does not fit, if one alone does not. */
  readonly excess: number | undefined;

  /**
   * An error that says what helps.
   *
   * @param found As {@linkcode found}.
   * @param remedy What helps.
   * @param excess As {@linkcode excess}.
   */
  constructor(found: string, remedy = "use a smaller batch or a smaller net", excess?: number) {
    super(`${found}; ${remedy}`);
    this.found = found;
    this.excess = excess;
  }
}
