/**
 * One connection of the live page's server: a request and its response, each within a time limit.
 *
 * @module
 */
import { readRequest } from "./request.ts";
import { type Output, writeResponse } from "./respond.ts";

/** Answers a request. */
export type Handler = (request: Request) => Response;

/** Milliseconds that a client has. */
export interface TimeLimits {
  /** To send its request. */
  readonly request: number;
  /** To take more of the response. */
  readonly write: number;
  /** To end the connection after the response. */
  readonly end: number;
}

/** Bytes that are read and thrown away at once. */
const DISCARD = 2 ** 12;

/** A connection that is served. */
export class Connection {
  readonly #connection: Deno.Conn;
  readonly #limits: TimeLimits;
  /** Whether the request has come. */
  answering = false;
  #closed = false;

  constructor(connection: Deno.Conn, limits: TimeLimits) {
    this.#connection = connection;
    this.#limits = limits;
  }

  /** Closes the connection, also while it is read or written. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#connection.close();
  }

  /** Does some work, and closes the connection where that takes too long. */
  async #within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.close(), milliseconds);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      at += await this.#within(this.#limits.write, this.#connection.write(bytes.subarray(at)));
    }
  }

  /** Reads what still comes until the client ends the connection. */
  async #drain(): Promise<void> {
    const bytes = new Uint8Array(DISCARD);
    while (await this.#connection.read(bytes) !== null);
  }

  /** Writes a response, and waits for the client to end the connection. */
  async #respond(response: Response): Promise<void> {
    const left = this.#drain().catch(() => {});
    const output: Output = {
      write: (bytes) => this.#write(bytes),
      close: () => this.close(),
      left,
    };
    await writeResponse(output, response);
    if (this.#closed) return;
    await this.#connection.closeWrite();
    await this.#within(this.#limits.end, left);
  }

  /** Serves the connection to its end; faults of the client end it. */
  async serve(handler: Handler): Promise<void> {
    try {
      const request = await this.#within(this.#limits.request, readRequest(this.#connection));
      if (!request) return;
      this.answering = true;
      await this.#respond(
        request instanceof Request
          ? handler(request)
          : new Response(`${request.text}\n`, { status: request.status }),
      );
    } catch {
      // The client has left, or does not read.
    } finally {
      this.close();
    }
  }
}
