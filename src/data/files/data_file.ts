/**
 * A file's bytes with its name, and the error that names a faulty file.
 *
 * @module
 */
import { oneLine } from "../../one_line.ts";

/** A file's name and its bytes, decompressed if the file was gzipped. */
export interface NamedBytes {
  /** The path it was read from, as errors show it. */
  readonly file: string;
  /** The content. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The error of a data set's file that is missing or malformed.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const error = await data.loadMnist("no/such/folder", { split: "test" }).catch((error) => error);
 * console.assert(error instanceof data.DataError && error.message.includes("no/such/folder"));
 * ```
 */
export class DataError extends Error {
  /** The name shown in a stack trace. */
  override readonly name = "DataError";

  /**
   * An error with a message in one line.
   *
   * @param message What was expected and found; shown in one line.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(oneLine(message), options);
  }
}
