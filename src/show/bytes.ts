/**
 * Sizes of memory in words.
 *
 * @module
 */

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const;

/** Bytes as text, such as `1.4 MiB`; with `digits` significant ones, or all of an integer part. */
export function showBytes(bytes: number, digits = 2): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const size = bytes / 1024 ** power, whole = Math.trunc(size).toString().length;
  return `${size.toFixed(power > 0 ? Math.max(0, digits - whole) : 0)} ${UNITS[power]}`;
}
