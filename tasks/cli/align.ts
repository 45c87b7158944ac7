/**
 * Rows of text in columns.
 *
 * @module
 */

/** How many letters a text has. */
const widthOf = (text: string): number => [...text].length;

/**
 * Rows as lines in which columns stand below each other, two spaces apart.
 *
 * @param left How many columns, from the first, are flush left; the others are flush right.
 */
export function aligned(rows: readonly (readonly string[])[], left = 1): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from(
    { length: columns },
    (_, c) => Math.max(...rows.map((row) => widthOf(row[c] ?? ""))),
  );
  return rows.map((row) =>
    row.map((cell, c) => {
      const space = " ".repeat(widths[c]! - widthOf(cell));
      return c < left ? cell + space : space + cell;
    }).join("  ").trimEnd()
  );
}
