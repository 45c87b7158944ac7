/**
 * The error of safetensors files.
 *
 * @module
 */
import { oneLine } from "../../one_line.ts";

/**
 * The error of bytes that are not a valid safetensors file, or hold something unsupported.
 *
 * @example
 * ```ts
 * import { train } from "@goodinit/goodinit";
 *
 * try {
 *   train.decodeSafetensors(Uint8Array.of(1, 2, 3));
 * } catch (error) {
 *   console.assert(error instanceof train.SafetensorsError);
 * }
 * ```
 */
export class SafetensorsError extends Error {
  /** The name shown in a stack trace. */
  override readonly name = "SafetensorsError";

  /**
   * An error with a message in one line.
   *
   * @param message What was expected and found; shown in one line.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(oneLine(message), options);
  }
}
