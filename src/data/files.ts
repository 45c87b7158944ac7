/**
 * Finding and reading the files of a data set, plain or gzipped.
 *
 * @module
 */

/** A file's name and its bytes, unpacked where the file was gzipped. */
export interface NamedBytes {
  /** The path it was read from, as errors show it. */
  readonly file: string;
  /** The content. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * A data set's file that is missing, or does not hold what its format says.
 *
 * @example
 * ```ts
 * import { DataError, loadMnist } from "@goodinit/goodinit";
 *
 * const error = await loadMnist("no/such/folder", { split: "test" }).catch((error) => error);
 * console.assert(error instanceof DataError && error.message.includes("no/such/folder"));
 * ```
 */
export class DataError extends Error {
  /** The name shown in a stack trace. */
  override readonly name = "DataError";
}

/** A gzip stream unpacked. Rejects with a {@linkcode DataError} that names the file if it is damaged. */
export async function gunzip({ file, bytes }: NamedBytes): Promise<NamedBytes> {
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  try {
    return { file, bytes: new Uint8Array(await new Response(unpacked).arrayBuffer()) };
  } catch (cause) {
    throw new DataError(
      `${file}: expected a whole gzip stream, found ${bytes.length} bytes that do not unpack`,
      { cause },
    );
  }
}

const ABSENT = [Deno.errors.NotFound, Deno.errors.NotADirectory];

const isGzipped = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * Reads the first of several paths that exists, unpacked if its content is gzipped. Rejects with a
 * {@linkcode DataError} that lists the paths if there is none.
 */
export async function readFirst(paths: readonly string[]): Promise<NamedBytes> {
  for (const file of paths) {
    try {
      const bytes = await Deno.readFile(file);
      return isGzipped(bytes) ? await gunzip({ file, bytes }) : { file, bytes };
    } catch (error) {
      if (!ABSENT.some((absent) => error instanceof absent)) throw error;
    }
  }
  const [first, ...others] = paths;
  const also = others.length > 0 ? ` (nor ${others.join(", ")})` : "";
  throw new DataError(`${first}: expected a file, found none${also}`);
}
