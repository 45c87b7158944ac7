/**
 * Decompresses gzip files, of one stream or several.
 *
 * @module
 */
import { concatBytes } from "../../host_data.ts";
import { counted } from "../../counted.ts";
import { anySize, type Bound, checkContent, FIRST, MOST, mostInflated, tooMuch } from "./bound.ts";
import { DataError, type NamedBytes } from "./data_file.ts";
import { ExcessError, inflate } from "./inflate.ts";

/** Whether a gzip stream may start at a position: the magic number, deflate, and no reserved flags. */
export const isGzipped = (bytes: Uint8Array, at = 0): boolean =>
  bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8 &&
  (bytes[at + 3] ?? 255) < 32;

/** The bytes of the smallest gzip stream. */
const MIN_STREAM = 20;

/** How often a stream's end is sought in vain before a file is taken for damaged. */
const FAILURES = 32;

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

/** Decompresses concatenated gzip streams with trailing zeros; undefined if the bytes are anything else. */
async function inflateStreams(bytes: Uint8Array<ArrayBuffer>, most: number) {
  const zeros = bytes.findLastIndex((byte) => byte !== 0) + 1,
    parts: Uint8Array<ArrayBuffer>[] = [];
  let left = most, failures = 0;
  /** Decompresses the stream that starts at `from`, and finds its end; undefined if it is incomplete. */
  const inflateAt = async (from: number) => {
    for (const end of possibleEnds(bytes, from, zeros)) {
      try {
        const stream = bytes.subarray(from, end);
        return { part: await inflate(stream, "gzip", FIRST, () => left), end };
      } catch (error) {
        if (error instanceof ExcessError || ++failures === FAILURES) throw error;
      }
    }
  };
  for (let at = 0; at < zeros;) {
    const found = isGzipped(bytes, at) ? await inflateAt(at) : undefined;
    if (!found) return undefined;
    parts.push(found.part);
    left -= found.part.length;
    at = found.end;
  }
  return concatBytes(parts);
}

/** Decompresses one stream that is all of the bytes, else several. */
async function inflateAll({ file, bytes }: NamedBytes, bound: Bound) {
  const most = mostInflated(bytes.length);
  try {
    return await inflate(bytes, "gzip", FIRST, (first) => {
      const known = bound(first, file);
      if (known < MOST && known > most) throw tooMuch(file, bytes.length, most);
      return Math.min(most, known);
    });
  } catch (error) {
    if (error instanceof ExcessError || error instanceof DataError) throw error;
    return await inflateStreams(bytes, most);
  }
}

/**
 * Decompresses a gzip file: one stream or several, with trailing zeros, which the format allows. Rejects
 * with a {@linkcode DataError} that names the file if it is damaged, or becomes larger than it may.
 */
export async function gunzip(source: NamedBytes, bound = anySize): Promise<NamedBytes> {
  const { file, bytes } = source;
  let unpacked: Uint8Array<ArrayBuffer> | undefined, cause: unknown;
  try {
    unpacked = await inflateAll(source, bound);
  } catch (error) {
    if (error instanceof DataError) throw error;
    if (error instanceof ExcessError) throw tooMuch(file, bytes.length, error.most);
    cause = error;
  }
  if (unpacked) {
    checkContent(file, unpacked.length, bound(unpacked.subarray(0, FIRST), file));
    return { file, bytes: unpacked };
  }
  throw new DataError(
    `${file}: expected a complete gzip stream, found ${
      counted(bytes.length, "byte")
    } that do not decompress`,
    { cause },
  );
}
