/**
 * Downloading one file from one address, continuing where an earlier attempt ended.
 *
 * @module
 */
import { fileSize } from "./checksums.ts";

/** What to download, and where to. */
export interface Request {
  readonly url: string;
  /** The file that bytes are appended to; what it holds already is the beginning. */
  readonly part: string;
  /** The size of the whole file. */
  readonly bytes: number;
  /** Seconds without a byte after which the download is given up. */
  readonly stall: number;
  /** Called once the file begins to arrive. */
  readonly answered?: (() => void) | undefined;
  /** Called with the number of bytes so far. */
  readonly at: (bytes: number) => void;
}

/** Why a download failed. */
class Fault extends Error {}

/** A signal that aborts where `alive` is not called for this many seconds. */
function watchdog(seconds: number) {
  const controller = new AbortController();
  const late = () =>
    controller.abort(new Fault(`expected bytes, found none for ${seconds} seconds`));
  let timer = setTimeout(late, 1000 * seconds);
  return {
    signal: controller.signal,
    alive: () => {
      clearTimeout(timer);
      timer = setTimeout(late, 1000 * seconds);
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}

/** The offset of the first byte in a response. Throws a Fault where the response does not fit the request. */
function firstByte({ status, statusText, headers }: Response, from: number, bytes: number): number {
  if (status !== 200 && status !== 206) {
    throw new Fault(`expected the file, found HTTP ${status} ${statusText}`.trimEnd());
  }
  const range = headers.get("content-range");
  const [, start, total] = range?.match(/^bytes (\d+)-\d+\/(\d+|\*)$/) ?? [];
  if (status === 206 && Number(start) !== from) {
    throw new Fault(`expected bytes from ${from}, found Content-Range ${range}`);
  }
  const whole = status === 206 ? total : headers.get("content-length");
  if (whole && whole !== "*" && Number(whole) !== bytes) {
    throw new Fault(`expected ${bytes} bytes, found ${whole}`);
  }
  return status === 206 ? from : 0;
}

async function writeAll(file: Deno.FsFile, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
}

const NO_ANSWER = "expected an answer, found none";

/** Whether what went wrong is that nobody answered, as without a network. */
export const isUnanswered = (fault: string): boolean => fault.startsWith(NO_ANSWER);

/** Why there was no response, without the address, which the caller prints. */
function noResponse(error: unknown): Fault {
  const { message, cause } = error as Error;
  const why = cause instanceof Error ? cause.message : message;
  const bare = why.replace(
    /^error sending request for url \([^)]*\): (?:client error \(\w+\): )?/,
    "",
  );
  return new Fault(`${NO_ANSWER}: ${bare}`);
}

/** The chunks of a response's body. Throws a Fault where the connection breaks. */
async function* bodyChunks(response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* response.body ?? [];
  } catch (error) {
    signal.throwIfAborted();
    throw new Fault(
      `expected the whole file, found a broken connection: ${(error as Error).message}`,
    );
  }
}

async function transfer({ url, part, bytes, stall, answered, at }: Request): Promise<void> {
  using dog = watchdog(stall);
  const have = await fileSize(part);
  const headers = {
    // The bytes as stored: a compressed file must not arrive decompressed.
    "accept-encoding": "identity",
    ...(have > 0 ? { range: `bytes=${have}-` } : {}),
  };
  const response = await fetch(url, { headers, signal: dog.signal }).catch((error) => {
    dog.signal.throwIfAborted();
    // A missing permission is no mirror's fault: the user is told the flag.
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw noResponse(error);
  });
  let there: number;
  try {
    there = firstByte(response, have, bytes);
  } catch (fault) {
    await response.body?.cancel();
    throw fault;
  }
  answered?.();
  using file = await Deno.open(part, { write: true, create: true });
  await file.truncate(there);
  await file.seek(there, Deno.SeekMode.Start);
  for await (const chunk of bodyChunks(response, dog.signal)) {
    dog.alive();
    if (there + chunk.length > bytes) {
      await file.truncate(0);
      throw new Fault(`expected ${bytes} bytes, found more`);
    }
    await writeAll(file, chunk);
    at(there += chunk.length);
  }
  await file.sync();
  if (there < bytes) throw new Fault(`expected ${bytes} bytes, found the end after ${there}`);
}

/**
 * Downloads what a file is still missing. Returns what went wrong, expected and found; what has arrived
 * by then is kept for the next attempt. Errors of the disk are thrown.
 */
export async function download(request: Request): Promise<string | undefined> {
  try {
    await transfer(request);
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
}
