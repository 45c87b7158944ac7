/**
 * Decompresses gzip files, of one stream or several.
 *
 * @module
 */
import { counted } from "../../counted.ts";
import { DataError, type NamedBytes } from "./data_file.ts";

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

/** Whether a gzip stream may start at a position: the magic number, deflate, and no reserved flags. */
export const isGzipped = (bytes: Uint8Array, at = 0): boolean =>
  bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8 &&
  (bytes[at + 3] ?? 255) < 32;

/** The bytes of the smallest gzip stream. */
const MIN_STREAM = 20;

/**
 * Where the stream that starts at `from` may end: at what looks like the start of another one, or within
 * the first 4 bytes of the file's trailing zeros, since a stream's own last bytes may be zeros.
 */
function* possibleEnds(bytes: Uint8Array, from: number, zeros: number): Generator<number> {
  for (let at = bytes.indexOf(0x1f, from + MIN_STREAM); at >= 0; at = bytes.indexOf(0x1f, at + 1)) {
    if (isGzipped(bytes, at)) yield at;
  }
  for (let end = zeros; end <= Math.min(zeros + 4, bytes.length); end++) yield end;
}

/** Decompresses the stream that starts at `from`, and finds its end; undefined if it is incomplete. */
async function inflateStreamAt(bytes: Uint8Array<ArrayBuffer>, from: number, zeros: number) {
  for (const end of possibleEnds(bytes, from, zeros)) {
    const unpacked = await inflate(bytes.subarray(from, end)).catch(() => undefined);
    if (unpacked) return { unpacked, end };
  }
}

/** Decompresses concatenated gzip streams with trailing zeros; undefined if the bytes are anything else. */
async function inflateStreams(bytes: Uint8Array<ArrayBuffer>) {
  const zeros = bytes.findLastIndex((byte) => byte !== 0) + 1,
    parts: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < zeros;) {
    const found = isGzipped(bytes, at) ? await inflateStreamAt(bytes, at, zeros) : undefined;
    if (!found) return undefined;
    parts.push(found.unpacked);
    at = found.end;
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/**
 * Decompresses a gzip file: one stream or several, with trailing zeros, which the format allows. Rejects
 * with a {@linkcode DataError} that names the file if it is damaged.
 */
export async function gunzip({ file, bytes }: NamedBytes): Promise<NamedBytes> {
  try {
    return { file, bytes: await inflate(bytes) };
  } catch (cause) {
    const unpacked = await inflateStreams(bytes);
    if (unpacked) return { file, bytes: unpacked };
    throw new DataError(
      `${file}: expected a complete gzip stream, found ${
        counted(bytes.length, "byte")
      } that do not decompress`,
      { cause },
    );
  }
}
