/**
 * Rows of text in aligned columns.
 *
 * @module
 */

import { oneLine } from "./file_fault.ts";

/** How many characters a text has. */
const countCharacters = (text: string): number => [...text].length;

/**
 * Rows as lines with aligned columns, two spaces apart, without letters that control a terminal, which names in
 * files may have.
 *
 * @param left How many columns, from the first, are flush left; the others are flush right.
 */
export function aligned(texts: readonly (readonly string[])[], left = 1): string[] {
  const rows = texts.map((row) => row.map(oneLine));
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from(
    { length: columns },
    (_, c) => Math.max(...rows.map((row) => countCharacters(row[c] ?? ""))),
  );
  return rows.map((row) =>
    row.map((cell, c) => {
      const space = " ".repeat(widths[c]! - countCharacters(cell));
      return c < left ? cell + space : space + cell;
    }).join("  ").trimEnd()
  );
}
