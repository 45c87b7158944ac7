/**
 * Failures that a device reports asynchronously; the next call throws the first one.
 *
 * @module
 */
import { MemoryError } from "../../memory_error.ts";
import type { BufferPool } from "./buffer_pool.ts";

/** The state of a device: open, failed or closed. */
export class Faults {
  #failure: Error | undefined;
  #closed = false;

  /** Whether the device was closed. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** Reports a failure; only the first one is kept. */
  readonly report = (error: Error): void => {
    this.#failure ??= error;
  };

  /** Throws if the device has failed, or is closed. */
  readonly check = (): void => {
    if (this.#failure) throw this.#failure;
    if (this.#closed) throw new Error("webgpu: expected an open device, found a closed one");
  };

  /** Marks the device as closed. */
  close() {
    this.#closed = true;
  }

  /** Subscribes to a device's loss and uncaptured errors. */
  watch(device: GPUDevice, pool: BufferPool) {
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      this.report(explain((event as GPUUncapturedErrorEvent).error, pool));
    });
    device.lost.then(({ reason, message }) => {
      if (!this.#closed) {
        this.report(new Error(`webgpu: the device was lost (${reason}): ${message}`));
      }
    });
  }
}

/** A failure as an error whose message says what helps. */
function explain(error: GPUError, pool: BufferPool): Error {
  if (!(error instanceof GPUOutOfMemoryError)) return new Error(`webgpu: ${error.message}`);
  const { buffers, bytes } = pool.memory();
  return new MemoryError(
    `webgpu: expected no more bytes than the adapter has free, found ${bytes} in ${buffers} buffers`,
  );
}
