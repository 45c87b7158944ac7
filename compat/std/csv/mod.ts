/**
 * A stand-in for `stringify` and `parse` of `@std/csv`, with the same names, options and
 * outcomes, for machines that cannot reach jsr.io.
 *
 * @module
 */

/** One row: an object by column, or an array in order. */
export type DataItem = Record<string, unknown> | unknown[];

/** A column: a property's name, or an index of an array, or one of these with another header. */
export type Column = string | number | { header?: string; prop: string | number };

/** How rows are written. */
export type StringifyOptions = {
  /** Whether the columns' names are the first line; true unless told. */
  headers?: boolean;
  /** What stands between two fields; a comma unless told. */
  separator?: string;
  /** The columns, in order; needed where rows are objects. */
  columns?: readonly Column[];
  /** Whether the text starts with a byte-order mark; false unless told. */
  bom?: boolean;
};

function field(value: unknown, separator: string): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const quoted = text.includes(separator) || /["\r\n]/.test(text);
  return quoted ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as comma-separated text, each line ended by a carriage return and a line feed. */
export function stringify(data: readonly DataItem[], options: StringifyOptions = {}): string {
  const { headers = true, separator = ",", columns = [], bom = false } = options;
  if (separator.includes('"') || separator.includes("\r\n")) {
    throw new TypeError(`stringify: expected a separator without quotes or line ends`);
  }
  const named = columns.map((column) =>
    typeof column === "object"
      ? { prop: column.prop, header: column.header ?? String(column.prop) }
      : { prop: column, header: String(column) }
  );
  const lines = headers && named.length > 0 ? [named.map(({ header }) => header as unknown)] : [];
  for (const item of data) {
    if (named.length > 0) {
      lines.push(named.map(({ prop }) => (item as Record<string | number, unknown>)[prop]));
    } else if (Array.isArray(item)) lines.push(item);
    else throw new TypeError("stringify: expected columns, as the rows are objects; found none");
  }
  const text = lines.map((line) =>
    line.map((value) => field(value, separator)).join(separator) + "\r\n"
  );
  return (bom ? "\ufeff" : "") + text.join("");
}

/** How text is read. */
export interface ParseOptions {
  /** What stands between two fields; a comma unless told. */
  separator?: string;
  /** Whether the first line is left out; it names the fields where `columns` is not given. */
  skipFirstRow?: boolean;
  /** The names of the fields. */
  columns?: readonly string[];
}

function rows(text: string, separator: string): string[][] {
  const all: string[][] = [];
  let row: string[] = [], start = 0;
  const finish = () => {
    if (row.length > 1 || row[0] !== "") all.push(row);
    row = [];
  };
  for (let at = 0; start <= text.length;) {
    let value = "";
    if (text[start] === '"') {
      for (at = start + 1;; at++) {
        if (at >= text.length) throw new SyntaxError(`record on line ${all.length + 1}: missing "`);
        if (text[at] !== '"') value += text[at];
        else if (text[at + 1] === '"') value += text[at++];
        else break;
      }
      at++;
    } else {
      for (at = start; at < text.length && !text.startsWith(separator, at); at++) {
        if (text[at] === "\n" || text.startsWith("\r\n", at)) break;
        if (text[at] === '"') {
          throw new SyntaxError(`record on line ${all.length + 1}: bare " in a field`);
        }
      }
      value = text.slice(start, at);
    }
    row.push(value);
    if (text.startsWith(separator, at)) start = at + separator.length;
    else if (at >= text.length) break;
    else if (text[at] === "\n" || text.startsWith("\r\n", at)) {
      finish();
      start = at + (text[at] === "\n" ? 1 : 2);
    } else throw new SyntaxError(`record on line ${all.length + 1}: extra text after "`);
  }
  finish();
  return all;
}

/** Comma-separated text as rows of strings. */
export function parse(text: string): string[][];
/** Comma-separated text as one record a row, named by the columns or by the first line. */
export function parse(
  text: string,
  options: ParseOptions & ({ skipFirstRow: true } | { columns: readonly string[] }),
): Record<string, string>[];
/** Comma-separated text as rows of strings. */
export function parse(text: string, options: { separator?: string }): string[][];
export function parse(
  text: string,
  options: ParseOptions = {},
): string[][] | Record<string, string>[] {
  const all = rows(text.replace(/^\ufeff/, ""), options.separator ?? ",");
  if (!options.skipFirstRow && !options.columns) return all;
  const first = options.skipFirstRow ? all.shift() : undefined;
  const names = options.columns ?? first;
  if (!names) throw new TypeError("Headers must be defined");
  return all.map((row, line) => {
    if (row.length !== names.length) {
      throw new SyntaxError(
        `record on line ${line + 1}: expected ${names.length} fields, found ${row.length}`,
      );
    }
    return Object.fromEntries(names.map((name, i) => [name, row[i]!]));
  });
}
