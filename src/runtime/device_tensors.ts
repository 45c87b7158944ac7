/**
 * The tensors stored on a device, and the lifetimes of their memory.
 *
 * @module
 */
import { DeferredRelease } from "../memory/deferred_release.ts";
import type { Handle } from "../device/device.ts";
import type { Owned, Reclaimer } from "../memory/reclaimer.ts";
import { showSpec } from "../spec.ts";
import { setStorage, type Storage, storageOf, type Tensor } from "../tensor.ts";

/** A tensor's elements on a device. */
class Held implements Owned, Storage {
  /** Their tensors' runtime, which they do not keep reachable. */
  readonly holder: WeakRef<DeviceTensors>;
  readonly handle: Handle;
  readonly bytes: number;
  /** Why the tensor can no longer be read, if so. */
  gone: string | undefined = undefined;
  place = -1;
  next: Storage | undefined;

  constructor(holder: WeakRef<DeviceTensors>, handle: Handle, next: Storage | undefined) {
    this.holder = holder;
    this.handle = handle;
    this.bytes = handle.bytes + (handle.overhead ?? 0);
    this.next = next;
  }

  release() {
    this.holder.deref()?.free(this.handle);
  }
}

/** The tensors stored on a device; their memory is released when they are collected, or earlier. */
export class DeviceTensors {
  readonly #self = new WeakRef<DeviceTensors>(this);
  readonly #reclaimer: Reclaimer;
  /** Memory that is being read is released only afterwards. */
  readonly #reading: DeferredRelease<Handle>;

  /** @param free Returns a handle's memory to the device. */
  constructor(reclaimer: Reclaimer, free: (handle: Handle) => void) {
    this.#reclaimer = reclaimer;
    this.#reading = new DeferredRelease(free);
  }

  /** Frees a handle once it is not being read. */
  free(handle: Handle) {
    this.#reading.release(handle);
  }

  /** What this runtime stores of a tensor, if anything. */
  #held(x: Tensor): Held | undefined {
    let held = storageOf(x) as Held | undefined;
    while (held !== undefined && held.holder !== this.#self) held = held.next as Held | undefined;
    return held;
  }

  /** Whether a tensor is, or was, stored on the device. */
  has(x: Tensor): boolean {
    return this.#held(x) !== undefined;
  }

  /** Stores a tensor's elements in a handle. */
  hold(x: Tensor, handle: Handle): Tensor {
    const held = new Held(this.#self, handle, withoutLost(storageOf(x) as Held | undefined));
    setStorage(x, held);
    this.#reclaimer.own(x, held);
    return x;
  }

  /** The handle of a tensor's elements; throws Error if there is none or they were released. */
  handle(x: Tensor): Handle {
    const held = this.#held(x);
    if (!held) {
      throw new Error(`expected a tensor of this runtime, found ${showSpec(x)} of another`);
    }
    if (held.gone) throw new Error(`read of a tensor that is gone: ${held.gone}`);
    return held.handle;
  }

  /** The handle of a tensor's elements, even if this call has already taken it. */
  source(x: Tensor): Handle {
    return this.#held(x)!.handle;
  }

  /** Runs `use`, which may read handles until its promise settles. */
  during<R>(handles: readonly Handle[], use: () => Promise<R>): Promise<R> {
    return this.#reading.during(handles, use);
  }

  /** Releases a lazy tensor's computed elements; they are recomputed when needed. */
  forget(x: Tensor) {
    const held = this.#held(x);
    if (!held) return;
    setStorage(x, without(held, storageOf(x)));
    this.#reclaimer.forget(held);
    this.free(held.handle);
  }

  /** Releases a tensor's memory; reading it from now on throws `why`. */
  end(x: Tensor, why: string) {
    const handle = this.take(x, why);
    if (handle) this.free(handle);
  }

  /** Takes over a tensor's memory; undefined if it has none. Reading it from now on throws `why`. */
  take(x: Tensor, why: string): Handle | undefined {
    const held = this.#held(x);
    if (!held || held.gone) return undefined;
    held.gone = why;
    this.#reclaimer.forget(held);
    return held.handle;
  }
}

/** A list without one of its members. */
function without(held: Storage, list: Storage | undefined): Storage | undefined {
  if (list === held) return held.next;
  for (let at = list; at; at = at.next) if (at.next === held) at.next = held.next;
  return list;
}

/** A list without what runtimes stored that are unreachable now. */
function withoutLost(list: Held | undefined): Held | undefined {
  if (list === undefined) return undefined;
  const next = withoutLost(list.next as Held | undefined);
  list.next = next;
  return list.holder.deref() ? list : next;
}
