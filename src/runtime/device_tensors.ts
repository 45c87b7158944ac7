/**
 * The tensors stored on a device, and the lifetimes of their memory.
 *
 * @module
 */
import { DeferredRelease } from "../memory/deferred_release.ts";
import type { Handle } from "../device/device.ts";
import type { Owned, Reclaimer } from "../memory/reclaimer.ts";
import { showSpec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";

interface Held extends Owned {
  readonly handle: Handle;
  /** Why the tensor can no longer be read, if so. */
  gone?: string;
}

/** The tensors stored on a device; their memory is released when they are collected, or earlier. */
export class DeviceTensors {
  readonly #held = new WeakMap<Tensor, Held>();
  readonly #reclaimer: Reclaimer;
  /** Memory that is being read is released only afterwards. */
  readonly #reading: DeferredRelease<Handle>;

  /** @param free Returns a handle's memory to the device. */
  constructor(reclaimer: Reclaimer, free: (handle: Handle) => void) {
    this.#reclaimer = reclaimer;
    this.#reading = new DeferredRelease(free);
  }

  /** Whether a tensor is, or was, stored on the device. */
  has(x: Tensor): boolean {
    return this.#held.has(x);
  }

  /** Stores a tensor's elements in a handle. */
  hold(x: Tensor, handle: Handle): Tensor {
    const release = () => this.#reading.release(handle);
    const held: Held = { handle, bytes: handle.bytes + (handle.overhead ?? 0), release };
    this.#held.set(x, held);
    this.#reclaimer.own(x, held);
    return x;
  }

  /** The handle of a tensor's elements; throws Error if there is none or they were released. */
  handle(x: Tensor): Handle {
    const held = this.#held.get(x);
    if (!held) {
      throw new Error(`expected a tensor of this runtime, found ${showSpec(x)} of another`);
    }
    if (held.gone) throw new Error(`read of a tensor that is gone: ${held.gone}`);
    return held.handle;
  }

  /** The handle of a tensor's elements, even if this call has already taken it. */
  source(x: Tensor): Handle {
    return this.#held.get(x)!.handle;
  }

  /** Runs `use`, which may read handles until its promise settles. */
  during<R>(handles: readonly Handle[], use: () => Promise<R>): Promise<R> {
    return this.#reading.during(handles, use);
  }

  /** Releases a lazy tensor's computed elements; they are recomputed when needed. */
  forget(x: Tensor) {
    const held = this.#held.get(x);
    if (!held) return;
    this.#held.delete(x);
    this.#reclaimer.forget(held);
    held.release();
  }

  /** Releases a tensor's memory; reading it from now on throws `why`. */
  end(x: Tensor, why: string) {
    this.#take(x, why)?.release();
  }

  /** Takes over a tensor's memory; undefined if it has none. Reading it from now on throws `why`. */
  take(x: Tensor, why: string): Handle | undefined {
    return this.#take(x, why)?.handle;
  }

  #take(x: Tensor, why: string): Held | undefined {
    const held = this.#held.get(x);
    if (!held || held.gone) return undefined;
    held.gone = why;
    this.#reclaimer.forget(held);
    return held;
  }
}
