/**
 * Formats rows as comma-separated values.
 *
 * @module
 */

/** A property's name, or an index of an array. */
export type PropertyAccessor = number | string;

/** A column: its property path in a row, and its header if that differs. */
export type ColumnDetails = { header?: string; prop: PropertyAccessor | PropertyAccessor[] };

/** A column: a property, a property path, or either with a header. */
export type Column = ColumnDetails | PropertyAccessor | PropertyAccessor[];

/** One row: an object keyed by column, or an array in column order. */
export type DataItem = Readonly<Record<string, unknown> | unknown[]>;

/** Options of `stringify`. */
export type StringifyOptions = {
  /** Whether the first line is a header of column names; true if left out. */
  headers?: boolean;
  /** The field separator; a comma if left out. */
  separator?: string;
  /** The columns, in order; required if rows are objects. */
  columns?: readonly Column[];
  /** Whether the text starts with a byte-order mark; false if left out. */
  bom?: boolean;
};

interface ColumnPath {
  readonly header: string;
  readonly steps: readonly PropertyAccessor[];
}

function columnPath(column: Column): ColumnPath {
  const { header, prop } = typeof column === "object" && !Array.isArray(column)
    ? column
    : { prop: column, header: undefined };
  const steps = Array.isArray(prop) ? prop : [prop];
  return { steps, header: header ?? String(steps.at(-1)) };
}

function inside(value: unknown, step: PropertyAccessor): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value) && typeof step !== "number") {
    throw new TypeError('Property accessor is not of type "number"');
  }
  return (value as Record<PropertyAccessor, unknown>)[step];
}

function fieldValues(item: DataItem, ways: readonly ColumnPath[]): readonly unknown[] {
  if (ways.length > 0) return ways.map(({ steps }) => steps.reduce<unknown>(inside, item));
  if (Array.isArray(item)) return item;
  throw new TypeError("No property accessor function was provided for object");
}

function field(value: unknown, separator: string): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const quoted = [separator, "\n", '"'].some((part) => text.includes(part));
  return quoted ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Formats rows as comma-separated values, with CRLF line ends. */
export function stringify(data: readonly DataItem[], options?: StringifyOptions): string {
  const { headers = true, separator = ",", columns = [], bom = false } = options ?? {};
  if (separator.includes('"') || separator.includes("\r\n")) {
    throw new TypeError("Separator cannot include a quotation mark, or a line's end");
  }
  const ways = columns.map(columnPath);
  const lines = data.map((item) => fieldValues(item, ways));
  if (headers && ways.length > 0) lines.unshift(ways.map(({ header }) => header));
  const text = lines.map((line) =>
    line.map((value) => field(value, separator)).join(separator) + "\r\n"
  );
  return (bom ? "\ufeff" : "") + text.join("");
}
