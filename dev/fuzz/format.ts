/**
 * A format that is fuzzed: whole files of it, and its reader.
 *
 * @module
 */
import type { Bytes, JsonPart } from "./edits.ts";

/** A format. */
export interface Format {
  /** Its name on the command line. */
  readonly name: string;
  /** Small whole files. */
  seeds(): Promise<readonly Bytes[]>;
  /** Where they have JSON. */
  readonly json?: JsonPart | undefined;
  /**
   * An edited file with right checksums, so that what is behind them is tried too; done to most files. A file for
   * which that is not possible is returned as it is.
   */
  reseal?(bytes: Bytes): Bytes | Promise<Bytes>;
  /**
   * Reads a file. Rejects with an error of the house where it is refused, and with a {@linkcode Wrong} where it is
   * accepted with values that it must not have.
   *
   * @param folder An empty folder, for readers of paths.
   */
  read(bytes: Bytes, folder: string): Promise<void>;
}

/** A file was accepted that must not be, or not so. */
export class Wrong extends Error {
  /** The name shown in a stack trace. */
  override readonly name = "Wrong";
}

/** Throws a {@linkcode Wrong} unless something holds of what was read. */
export function expect(holds: boolean, what: string): void {
  if (!holds) throw new Wrong(what);
}
