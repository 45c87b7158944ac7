/**
 * The error of devices that have failed.
 *
 * @module
 */

/**
 * A device has failed: it was lost, reports an error of its own, or a thread of it has ended. Nothing that is
 * on it can be read any more; another one can be opened.
 *
 * @example
 * ```ts
 * import { DeviceError, open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "cpu" });
 * try {
 *   await run.read(ops.mul(tensor([1, 2]), 2));
 * } catch (error) {
 *   if (!(error instanceof DeviceError)) throw error;
 *   console.error(error.message); // webgpu: the device was lost (unknown): …
 * }
 * ```
 */
export class DeviceError extends Error {
  /** The name shown in a stack trace. */
  override readonly name = "DeviceError";
}
