/**
 * Host data that plans have on their device.
 *
 * @module
 */
import type { Data } from "../host_data.ts";
import type { Handle } from "./device.ts";

/** Constants on a device, each there once however many plans read it. */
export class Constants<H extends Handle> {
  readonly #upload: (data: Data) => H;
  readonly #giveBack: (handle: H) => void;
  readonly #shared = new Map<Data, { readonly handle: H; users: number }>();

  constructor(upload: (data: Data) => H, giveBack: (handle: H) => void) {
    this.#upload = upload;
    this.#giveBack = giveBack;
  }

  /** What holds some data, uploaded unless it is there; {@linkcode give} ends the use. */
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

  /** Ends one use. */
  give(data: Data) {
    const known = this.#shared.get(data)!;
    if (--known.users > 0) return;
    this.#shared.delete(data);
    this.#giveBack(known.handle);
  }
}
