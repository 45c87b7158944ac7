/**
 * Decompression that stops: at most as many bytes come out as the caller allows.
 *
 * @module
 */
import { concatBytes } from "../../host_data.ts";

/** The formats of deflate's streams: with the frame of gzip, with that of zlib, with none. */
export type Packing = "gzip" | "deflate" | "deflate-raw";

/** Bytes that are decompressed at once: they become at most 1,032 times as many. */
const SLICE = 2 ** 13;

/** More bytes come out of a stream than are allowed. */
export class ExcessError extends Error {
  /** The name shown in a stack trace. */
  override readonly name = "ExcessError";
  /** @param most The most bytes that are allowed. */
  constructor(readonly most: number) {
    super(`expected at most ${most} bytes, found more`);
  }
}

/** The slices of several parts, one after the other. */
function* slices(parts: Iterable<Uint8Array<ArrayBuffer>>): Generator<Uint8Array<ArrayBuffer>> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += SLICE) yield part.subarray(at, at + SLICE);
  }
}

/**
 * What the parts of one stream become, piece by piece: no more is decompressed than the caller asks for. Throws a
 * TypeError on a damaged stream, and on bytes after its end.
 */
export async function* inflating(
  parts: Iterable<Uint8Array<ArrayBuffer>>,
  packing: Packing,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const source = slices(parts);
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const { value, done } = source.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  }, { highWaterMark: 0 });
  const reader = packed.pipeThrough(new DecompressionStream(packing)).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // A stream that is left before its end, or has failed, has nothing more to say.
    await reader.cancel().catch(() => {});
  }
}

/**
 * Decompresses a stream.
 *
 * @param first How many bytes the bound is given at least, if there are as many.
 * @param bound The most bytes that may come out, from the first of them.
 * @throws ExcessError where there are more; TypeError on a damaged stream; what `bound` throws.
 */
export async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  packing: Packing,
  first: number,
  bound: (first: Uint8Array<ArrayBuffer>) => number,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0, most: number | undefined;
  const check = () => {
    if (most === undefined) most = bound(concatBytes(parts));
    if (length > most) throw new ExcessError(most);
  };
  for await (const part of inflating([bytes], packing)) {
    parts.push(part);
    length += part.length;
    if (length >= first) check();
  }
  check();
  return concatBytes(parts);
}
