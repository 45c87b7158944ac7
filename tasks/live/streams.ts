/**
 * Pages that listen: each has a queue of bounded length, and whoever does not read it is let go.
 *
 * @module
 */

/** How many pages may listen; a browser gives one server six connections. */
const MOST = 5;

/** The most bytes that wait for one page beyond what it got first. */
const QUEUE = 4 * 2 ** 20;

/** An event as a page gets it. */
export const eventText = (name: string, data: unknown): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

interface Listener {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
}

/** All pages that listen. */
export class Streams {
  readonly #listeners = new Set<Listener>();
  readonly #encoder = new TextEncoder();

  /** How many there are. */
  get count(): number {
    return this.#listeners.size;
  }

  /**
   * A stream for one more page. Where there are too many the first of them is sent an event that says it
   * is left out, and may connect again.
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

  /** Sends a text to all that listen. */
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
