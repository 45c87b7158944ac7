/**
 * The units that convolutions of small groups are divided into.
 *
 * @module
 */
import { type ConvGeometry, countTaps } from "../../../../../ops/conv_geometry.ts";

/** Bytes of a result that a unit computes at most, and the fewest units of a batch. */
const UNIT_BYTES = 256 * 1024, MIN_UNITS = 8;

/** Rows of a unit, and the parts that a row is divided into where it has one. */
export interface Units {
  readonly rows: number;
  readonly parts: number;
}

/**
 * Rows per unit, a multiple of `multiple` of them, or parts of a row where there are few rows.
 *
 * @param mostParts The most parts of a row.
 */
export function splitRows(g: ConvGeometry, mostParts: number, multiple = 1): Units {
  const bytes = 4 * g.x.out * g.outChannels, all = g.batch * g.y.out;
  const fit = Math.min(Math.floor(UNIT_BYTES / bytes), Math.floor(all / MIN_UNITS), g.y.out);
  const most = Math.max(1, Math.round(fit / multiple)) * multiple;
  const bands = Math.ceil(g.y.out / most);
  const rows = Math.ceil(g.y.out / (bands * multiple)) * multiple;
  const wanted = Math.max(Math.ceil(bytes / UNIT_BYTES), Math.ceil(MIN_UNITS / all));
  return { rows, parts: rows > 1 ? 1 : Math.min(mostParts, wanted) };
}

/** The most partial results of a weight gradient, and the fewest windows of one for each tap. */
const MAX_PARTS = 16, MIN_SHARE = 4;

/** The number of partial results of a weight gradient, into which rows of windows are divided. */
export function partsOf(g: ConvGeometry): number {
  const rows = g.batch * g.y.out, fit = Math.floor(rows * g.x.out / (MIN_SHARE * countTaps(g)));
  return Math.max(1, Math.min(MAX_PARTS, rows, fit));
}
