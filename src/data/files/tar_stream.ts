/**
 * Decompresses tar archives: their headers say how much is to come, and what goes on after their end is refused.
 *
 * @module
 */
import { concatBytes } from "../../host_data.ts";
import { anySize, checkContent, mostInflated, tooMuch } from "./bound.ts";
import { DataError, type NamedBytes } from "./data_file.ts";
import { gunzip } from "./gzip.ts";
import { inflating } from "./inflate.ts";
import { BLOCK, isTar, readTarHeader } from "./tar.ts";

/** The most bytes after the end of an archive: programs pad it to a multiple of their blocks. */
const PADDING = 2 ** 20;

/** Follows an archive from header to header while it is decompressed. */
class TarMeter {
  readonly #file: string;
  readonly #header = new Uint8Array(BLOCK);
  /** The position of the next header, and how much of it is there. */
  #next = 0;
  #filled = 0;
  #seen = 0;
  #ended = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** Whether the first header is that of an archive, as far as it is known. */
  get fits(): boolean {
    return this.#next > 0 || this.#filled < BLOCK || isTar(this.#header);
  }

  /** The most bytes of the archive, as far as it is known: up to the next header's end, or the end of all. */
  get most(): number {
    return this.#ended ? this.#next + PADDING : Infinity;
  }

  /** The bytes that the archive has at least, as far as it is known. */
  get least(): number {
    return this.#next;
  }

  /** Follows the next bytes. Throws a DataError on a damaged header. */
  follow(part: Uint8Array): void {
    for (let at = 0; !this.#ended && this.fits;) {
      at = Math.max(at, this.#next + this.#filled - this.#seen);
      if (at >= part.length) break;
      const taken = part.subarray(at, at + BLOCK - this.#filled);
      this.#header.set(taken, this.#filled);
      this.#filled += taken.length;
      if (this.#filled === BLOCK && this.fits) this.#advance();
    }
    this.#seen += part.length;
  }

  #advance(): void {
    const header = readTarHeader(this.#file, this.#header, this.#next);
    if (header) this.#next += BLOCK + header.padded;
    this.#ended = !header;
    this.#filled = 0;
  }
}

/**
 * A gzipped archive, decompressed; of another file at least the first bytes. Rejects with a
 * {@linkcode DataError} if it is damaged, if a file in it is too large, and if it does not end where it says.
 */
export async function gunzipTar(source: NamedBytes): Promise<NamedBytes> {
  const { file, bytes } = source, packed = bytes.length, allowed = mostInflated(packed);
  const meter = new TarMeter(file), parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    for await (const part of inflating([bytes], "gzip")) {
      parts.push(part);
      length += part.length;
      meter.follow(part);
      if (!meter.fits) break;
      checkContent(file, meter.least, allowed);
      const most = Math.min(allowed, meter.most);
      if (length > most) throw tooMuch(file, packed, most);
    }
  } catch (error) {
    if (error instanceof DataError) throw error;
    return await gunzip(source, anySize);
  }
  return { file, bytes: concatBytes(parts) };
}
