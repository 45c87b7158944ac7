/**
 * Writing an HTTP response, after which the connection ends.
 *
 * @module
 */

/** What a response is written to. */
export interface Output {
  /** Writes bytes. Rejects where the reader takes nothing for too long. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the connection, also while something is written. */
  close(): void;
  /** Resolved when the client says no more, or has left. */
  readonly left: Promise<void>;
}

/** The reason phrases of the statuses that are used. */
const PHRASES: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  505: "HTTP Version Not Supported",
};

function headText({ status, headers }: Response): string {
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`);
  const first = `HTTP/1.1 ${status} ${PHRASES[status] ?? ""}`.trimEnd();
  const own = [
    `date: ${new Date().toUTCString()}`,
    "connection: close",
    "transfer-encoding: chunked",
  ];
  return [first, ...lines, ...own, "", ""].join("\r\n");
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Writes a piece of the body, so that a reader knows a body that was cut off from a whole one. */
async function writeChunk(output: Output, bytes: Uint8Array): Promise<void> {
  await output.write(ascii(`${bytes.length.toString(16)}\r\n`));
  await output.write(bytes);
  await output.write(ascii("\r\n"));
}

/** Whether a response goes on for as long as its reader is there. */
const isEndless = ({ headers }: Response): boolean =>
  headers.get("content-type") === "text/event-stream";

/**
 * Writes a response, piece by piece, as its body yields it. The body is cancelled where that fails, and where the
 * reader of an endless one leaves; a body that fails ends the connection.
 */
export async function writeResponse(output: Output, response: Response): Promise<void> {
  const body = response.body?.getReader();
  body?.closed.catch(() => output.close());
  // An endless body may have nothing to write when its reader leaves.
  if (isEndless(response)) output.left.then(() => body?.cancel()).catch(() => {});
  try {
    await output.write(ascii(headText(response)));
    for (;;) {
      const { value, done } = await body?.read() ?? { done: true };
      if (done || !value) break;
      if (value.length > 0) await writeChunk(output, value);
    }
    await output.write(ascii("0\r\n\r\n"));
  } catch (error) {
    await body?.cancel(error).catch(() => {});
    throw error;
  }
}
