/**
 * Reversing the filters of PNG's rows.
 *
 * @module
 */

/** The Paeth predictor: of the bytes to the left, above, and above left, the nearest to left + above - corner. */
function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const toLeft = Math.abs(guess - left), toAbove = Math.abs(guess - above);
  const toCorner = Math.abs(guess - corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/**
 * Reverses the filter of a row, in place. Rows begin with a byte that names the filter.
 *
 * @param above The unfiltered row above; zeros for the first row.
 * @param apart Bytes from one pixel to the next, at least 1.
 */
export function unfilter(row: Uint8Array, above: Uint8Array, apart: number): void {
  const filter = row[0]!, length = row.length;
  const left = (i: number) => i > apart ? row[i - apart]! : 0;
  switch (filter) {
    case 0:
      return;
    case 1:
      for (let i = 1 + apart; i < length; i++) row[i]! += row[i - apart]!;
      return;
    case 2:
      for (let i = 1; i < length; i++) row[i]! += above[i]!;
      return;
    case 3:
      for (let i = 1; i < length; i++) row[i]! += (left(i) + above[i]!) >> 1;
      return;
    case 4:
      for (let i = 1; i < length; i++) {
        row[i]! += paeth(left(i), above[i]!, i > apart ? above[i - apart]! : 0);
      }
      return;
    default:
      throw new Error(`a row has the filter ${filter}, which the format does not have`);
  }
}
