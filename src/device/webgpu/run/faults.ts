/**
 * Failures that a device reports asynchronously; the next call throws the first one.
 *
 * @module
 */
import { eventTurn } from "../../../platform/event_turn.ts";
import { DeviceError } from "../../device_error.ts";
import { MemoryError } from "../../memory_error.ts";
import type { BufferPool } from "./buffer_pool.ts";

/** Turns of the event loop in which the cause of an error is awaited. */
const PATIENCE = 100;

/** The state of a device: open, failed or closed. */
export class Faults {
  #failure: Error | undefined;
  #consequence: { readonly error: unknown } | undefined;
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

  /** Whether the device has failed. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /**
   * Awaits work on the device. Errors that it reports meanwhile are thrown here, in place of those of calls
   * that meet their consequences, and before anybody uses a result that cannot be right.
   */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const outcome = await work().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    await eventTurn();
    this.check();
    if ("value" in outcome && !this.#consequence) return outcome.value;
    const { error } = this.#consequence ?? outcome as { readonly error: unknown };
    // It is the consequence of something that is yet to be reported, such as the device's loss.
    for (let turn = 0; turn < PATIENCE && !this.#failure; turn++) await eventTurn();
    this.check();
    throw deviceError(error);
  }

  /**
   * Runs work in a call that does not wait for events. What it throws may be the consequence of a failure that
   * such a call cannot know of yet; the next work that is awaited throws the failure, or else this.
   *
   * @returns What the work does; undefined if it throws.
   */
  within<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#consequence ??= { error };
      return undefined;
    }
  }

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
        this.report(new DeviceError(`webgpu: the device was lost (${reason}): ${message}`));
      }
    });
  }
}

/** A failure as an error whose message says what helps. */
function explain(error: GPUError, pool: BufferPool): Error {
  if (!(error instanceof GPUOutOfMemoryError)) return new DeviceError(`webgpu: ${error.message}`);
  const { buffers, bytes } = pool.memory();
  return new MemoryError(
    `webgpu: expected no more bytes than the adapter has free, found ${bytes} in ${buffers} buffers`,
  );
}

/** An error of WebGPU's calls as one of the device; other errors as they are. */
const deviceError = (error: unknown): unknown =>
  error instanceof DOMException
    ? new DeviceError(`webgpu: ${error.message} (${error.name})`, { cause: error })
    : error;
