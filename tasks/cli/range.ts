/**
 * Ranges of numbers, for options and for the files that store them.
 *
 * @module
 */

/** The bounds of a number. */
export interface Range {
  /** The least value. */
  readonly from?: number | undefined;
  /** The greatest value. */
  readonly to?: number | undefined;
  /** The value must be above this. */
  readonly above?: number | undefined;
  /** The value must be below this. */
  readonly below?: number | undefined;
}

/** The largest float32. */
const LARGEST = 3.4028234663852886e38;

/** Whether a number is in a range. */
export const isWithin = (value: number, { from, to, above, below }: Range): boolean =>
  value >= (from ?? -Infinity) && value <= (to ?? Infinity) && value > (above ?? -Infinity) &&
  value < (below ?? Infinity);

/** Whether a number is in a range, and still a finite one inside its open bounds once it is a 32-bit float. */
export function fitsFloat32(value: number, range: Range): boolean {
  const rounded = Math.fround(value), { above, below } = range;
  return Number.isFinite(rounded) && isWithin(value, range) && isWithin(rounded, { above, below });
}

/** Whether a number may come of a measurement: it fits a 32-bit float, or is not finite as a loss may be. */
export const isMeasured = (value: number): boolean =>
  !Number.isFinite(value) || Number.isFinite(Math.fround(value));

/** A range in words, for a value that is not in it. */
export function rangeText(kind: "number" | "integer", range: Range, value?: unknown): string {
  const { from, to, above, below } = range, found = typeof value === "number" ? value : 0;
  if (kind === "integer") {
    const isOpen = to === undefined && !(found > Number.MAX_SAFE_INTEGER);
    if (isOpen) return from === undefined ? "an integer" : `an integer of at least ${from}`;
    return `an integer from ${from ?? Number.MIN_SAFE_INTEGER} to ${to ?? Number.MAX_SAFE_INTEGER}`;
  }
  const most = to ?? (Math.abs(found) > LARGEST && below === undefined ? LARGEST : undefined);
  const bounds = [
    ...(from === undefined ? [] : [`of at least ${from}`]),
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
    ...(most === undefined ? [] : [`of at most ${most}`]),
  ];
  const rounded = typeof value === "number" && Number.isFinite(Math.fround(value)) &&
    isWithin(value, range) && !fitsFloat32(value, range);
  return [
    "a number",
    ...bounds.join(" and ").split(" ").filter(Boolean),
    ...(rounded ? ["as a 32-bit float"] : []),
  ].join(" ");
}
