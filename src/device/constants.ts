/**
 * Constants on a device, uploaded once and shared between plans.
 *
 * @module
 */
import type { Data } from "../host_data.ts";
import type { Handle } from "./device.ts";

/** Reference-counted constants on a device, each uploaded once for all plans. */
export class Constants<H extends Handle> {
  readonly #upload: (data: Data) => H;
  readonly #free: (handle: H) => void;
  readonly #shared = new Map<Data, { readonly handle: H; users: number }>();

  constructor(upload: (data: Data) => H, free: (handle: H) => void) {
    this.#upload = upload;
    this.#free = free;
  }

  /** The handle of some data, uploaded on first use; {@linkcode give} ends the use. */
  take(data: Data): H {
    const known = this.#shared.get(data);
    if (known) {
      known.users++;
      return known.handle;
    }
    const handle = this.#upload(data);
    this.#shared.set(data, { handle, users: 1 });
    return handle;
  }

  /** Ends one use; after the last one the memory is freed. */
  give(data: Data) {
    const known = this.#shared.get(data)!;
    if (--known.users > 0) return;
    this.#shared.delete(data);
    this.#free(known.handle);
  }
}
