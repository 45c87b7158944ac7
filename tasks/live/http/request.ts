/**
 * Reading the head of an HTTP request, which has no body here.
 *
 * @module
 */

/** The most bytes of a request's line and headers. */
const MOST = 2 ** 14;

/** Why a connection gets no answer of the handler: a status and its reason. */
export interface Unread {
  readonly status: 400 | 431 | 505;
  readonly text: string;
}

/** The position after the blank line that ends a head; -1 where there is none yet. */
function endOfHead(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    const next = bytes[at + 1] === 13 ? at + 2 : at + 1;
    if (bytes[next] === 10) return next + 1;
  }
  return -1;
}

/** The bytes up to the blank line; undefined where the connection ends before it, or where they are too many. */
async function readHead(connection: Deno.Conn): Promise<Uint8Array | undefined | "too long"> {
  const bytes = new Uint8Array(MOST);
  for (let filled = 0; filled < MOST;) {
    const read = await connection.read(bytes.subarray(filled));
    if (read === null) return undefined;
    filled += read;
    const end = endOfHead(bytes.subarray(0, filled));
    if (end >= 0) return bytes.subarray(0, end);
  }
  return "too long";
}

const LINE = /^([A-Z]{1,20}) (\/[\x21-\x7e]*) HTTP\/(\d\.\d)$/;

/** The headers of their lines. Throws on a line that is none. */
function parseHeaders(lines: readonly string[]): Headers {
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers.append(line.slice(0, Math.max(0, colon)), line.slice(colon + 1).trim());
  }
  return headers;
}

function parseHead(head: Uint8Array): Request | Unread {
  const [first = "", ...lines] = new TextDecoder("latin1").decode(head).trimEnd().split(/\r?\n/);
  const [, method, path, version] = LINE.exec(first) ?? [];
  if (!method) return { status: 400, text: "expected a request of HTTP/1.1, found something else" };
  if (version !== "1.1") return { status: 505, text: `expected HTTP/1.1, found HTTP/${version}` };
  try {
    return new Request(`http://localhost${path}`, { method, headers: parseHeaders(lines) });
  } catch {
    return { status: 400, text: "expected a method, a path and headers, found others" };
  }
}

/** Reads a request; undefined where the connection ends before one has come. */
export async function readRequest(connection: Deno.Conn): Promise<Request | Unread | undefined> {
  const head = await readHead(connection);
  if (head === "too long") {
    return { status: 431, text: `expected at most ${MOST} bytes of headers, found more` };
  }
  return head && parseHead(head);
}
