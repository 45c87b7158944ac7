/**
 * The error of safetensors files.
 *
 * @module
 */

/**
 * Bytes that are not a safetensors file, or hold what this toolkit cannot.
 *
 * @example
 * ```ts
 * import { decodeSafetensors, SafetensorsError } from "@goodinit/goodinit";
 *
 * try {
 *   decodeSafetensors(Uint8Array.of(1, 2, 3));
 * } catch (error) {
 *   console.assert(error instanceof SafetensorsError);
 * }
 * ```
 */
export class SafetensorsError extends Error {
  /** The name shown in a stack trace. */
  override readonly name = "SafetensorsError";
}
