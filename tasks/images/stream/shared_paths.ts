/**
 * Paths in shared memory, so that threads read them without copies of their own.
 *
 * @module
 */

/** Paths as plain data that can be sent to other threads. */
export interface SharedPaths {
  /** All paths in UTF-8, one after another. */
  readonly text: Uint8Array;
  /** Where each begins, and the end. */
  readonly starts: Float64Array;
}

const shared = <A extends Uint8Array | Float64Array>(
  make: new (memory: SharedArrayBuffer) => A,
  bytes: number,
): A => new make(new SharedArrayBuffer(bytes));

/** Puts paths into shared memory. */
export function sharePaths(paths: readonly string[]): SharedPaths {
  const encoder = new TextEncoder(), starts = shared(Float64Array, 8 * (paths.length + 1));
  let total = 0;
  paths.forEach((path, i) => starts[i + 1] = total += encoder.encode(path).length);
  const text = shared(Uint8Array, total);
  paths.forEach((path, i) => text.set(encoder.encode(path), starts[i]));
  return { text, starts };
}

/** The path of an index. */
export const pathAt = ({ text, starts }: SharedPaths, index: number): string =>
  new TextDecoder().decode(text.slice(starts[index], starts[index + 1]));
