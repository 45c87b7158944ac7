/**
 * Event streams to pages: each has a queue of bounded length, and a page that does not read is disconnected.
 *
 * @module
 */

/** The most pages that may connect; a browser opens at most six connections to a server. */
const MOST = 5;

/** The most queued bytes of a page, beyond its first text. */
const QUEUE = 4 * 2 ** 20;

/** A server-sent event as text. */
export const eventText = (name: string, data: unknown): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

interface Listener {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
}

/** The streams of all connected pages. */
export class Streams {
  readonly #listeners = new Set<Listener>();
  readonly #encoder = new TextEncoder();

  /** The number of connected pages. */
  get count(): number {
    return this.#listeners.size;
  }

  /**
   * Opens a stream for one more page. Where there are too many, the oldest page is sent the event `enough`
   * and disconnected; it may connect again.
   */
  open(first: string): ReadableStream<Uint8Array> {
    if (this.count === MOST) {
      const [oldest] = this.#listeners;
      this.#send(oldest!, this.#encoder.encode(eventText("enough", null)));
      this.#leave(oldest!);
    }
    const start = this.#encoder.encode(first);
    let listener: Listener;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        listener = { controller };
        this.#listeners.add(listener);
        controller.enqueue(start);
      },
      cancel: () => {
        this.#listeners.delete(listener);
      },
    }, { highWaterMark: start.length + QUEUE, size: (chunk) => chunk.byteLength });
  }

  /** Sends a text to all connected pages. */
  send(text: string): void {
    const bytes = this.#encoder.encode(text);
    for (const listener of [...this.#listeners]) this.#send(listener, bytes);
  }

  /** Ends all streams, once what is queued has been read. */
  end(): void {
    for (const listener of [...this.#listeners]) this.#leave(listener);
  }

  #send(listener: Listener, bytes: Uint8Array) {
    const { controller } = listener;
    if (controller.desiredSize! >= bytes.length) controller.enqueue(bytes);
    else {
      this.#listeners.delete(listener);
      controller.error(new Error("watch: a page does not read"));
    }
  }

  #leave(listener: Listener) {
    this.#listeners.delete(listener);
    listener.controller.close();
  }
}
