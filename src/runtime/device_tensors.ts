/**
 * Which tensors' elements lie on a device, and for how long.
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
  /** Why the tensor can no longer be read. */
  gone?: string;
}

/** The tensors whose elements a device keeps; memory goes back when they are collected, or before. */
export class DeviceTensors {
  readonly #held = new WeakMap<Tensor, Held>();
  readonly #reclaimer: Reclaimer;
  /** Memory that is being read back is not given away before that is over. */
  readonly #reading: DeferredRelease<Handle>;

  /** @param giveBack Gives a handle's memory back to the device. */
  constructor(reclaimer: Reclaimer, giveBack: (handle: Handle) => void) {
    this.#reclaimer = reclaimer;
    this.#reading = new DeferredRelease(giveBack);
  }

  /** Whether the device keeps, or kept, a tensor's elements. */
  has(x: Tensor): boolean {
    return this.#held.has(x);
  }

  /** From now on a handle holds a tensor's elements. */
  hold(x: Tensor, handle: Handle): Tensor {
    const release = () => this.#reading.release(handle);
    const held: Held = { handle, bytes: handle.bytes + (handle.overhead ?? 0), release };
    this.#held.set(x, held);
    this.#reclaimer.own(x, held);
    return x;
  }

  /** What holds a tensor's elements; throws if nothing does or they are gone. */
  handle(x: Tensor): Handle {
    const held = this.#held.get(x);
    if (!held) {
      throw new Error(`expected a tensor of this runtime, found ${showSpec(x)} of another`);
    }
    if (held.gone) throw new Error(`read of a tensor that is gone: ${held.gone}`);
    return held.handle;
  }

  /** What held a tensor's elements before this call, which may have taken it away meanwhile. */
  source(x: Tensor): Handle {
    return this.#held.get(x)!.handle;
  }

  /** Runs `use`, which may read handles for as long as its promise takes. */
  during<R>(handles: readonly Handle[], use: () => Promise<R>): Promise<R> {
    return this.#reading.during(handles, use);
  }

  /** Gives back what was computed of a lazy tensor; it is computed anew when next needed. */
  forget(x: Tensor) {
    const held = this.#held.get(x);
    if (!held) return;
    this.#held.delete(x);
    this.#reclaimer.forget(held);
    held.release();
  }

  /** Gives a tensor's memory back; reading it from now on throws `why`. */
  end(x: Tensor, why: string) {
    this.#take(x, why)?.release();
  }

  /** Takes a tensor's memory away from it; undefined if it has none. Reading it from now on throws `why`. */
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
