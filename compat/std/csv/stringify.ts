/**
 * Rows as comma-separated text.
 *
 * @module
 */

/** A property's name, or an index of an array. */
export type PropertyAccessor = number | string;

/** A column: where it lies, from the row inwards, and its header if that is another. */
export type ColumnDetails = { header?: string; prop: PropertyAccessor | PropertyAccessor[] };

/** A column: a property, a way inwards, or either with a header. */
export type Column = ColumnDetails | PropertyAccessor | PropertyAccessor[];

/** One row: an object by column, or an array in order. */
export type DataItem = Readonly<Record<string, unknown> | unknown[]>;

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

interface Way {
  readonly header: string;
  readonly steps: readonly PropertyAccessor[];
}

function wayOf(column: Column): Way {
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

function valuesOf(item: DataItem, ways: readonly Way[]): readonly unknown[] {
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

/** Rows as comma-separated text, each line ended by a carriage return and a line feed. */
export function stringify(data: readonly DataItem[], options?: StringifyOptions): string {
  const { headers = true, separator = ",", columns = [], bom = false } = options ?? {};
  if (separator.includes('"') || separator.includes("\r\n")) {
    throw new TypeError("Separator cannot include a quotation mark, or a line's end");
  }
  const ways = columns.map(wayOf);
  const lines = data.map((item) => valuesOf(item, ways));
  if (headers && ways.length > 0) lines.unshift(ways.map(({ header }) => header));
  const text = lines.map((line) =>
    line.map((value) => field(value, separator)).join(separator) + "\r\n"
  );
  return (bom ? "\ufeff" : "") + text.join("");
}
