/**
 * Parses comma-separated values.
 *
 * @module
 */

/** Options of `parse`. */
export interface ParseOptions {
  /** The field separator; a comma if left out. */
  separator?: string;
  /** Lines that start with this character are skipped; none if left out. */
  comment?: string;
  /** Whether white space before a field is dropped; false if left out. */
  trimLeadingSpace?: boolean;
  /** Whether misplaced quotation marks are accepted; false if left out. */
  lazyQuotes?: boolean;
  /** How many fields each row must have, 0 for as many as the first; any number if left out. */
  fieldsPerRecord?: number;
  /** Whether the first line is a header to skip; it names the fields unless `columns` is given. */
  skipFirstRow?: boolean;
  /** The names of the fields. */
  columns?: readonly string[];
}

/** A record whose fields are named. */
export type RecordWithColumn<C extends string> = Record<C, string>;

/** The result of `parse`: records if fields are named, else rows. */
export type ParseResult<Options, T> = T extends { columns: readonly (infer C extends string)[] }
  ? RecordWithColumn<C>[]
  : T extends { skipFirstRow: true } ? Record<string, string>[]
  : T extends Options & { columns?: undefined; skipFirstRow?: false | undefined } ? string[][]
  : Record<string, string>[] | string[][];

/** A field, and the remainder of its line; undefined at the end of the line. */
type Field = readonly [field: string, rest: string | undefined];

class Reader {
  readonly #lines: readonly string[];
  readonly #options: ParseOptions;
  readonly #separator: string;
  /** The next line. */
  #at = 0;
  /** The current record, from 1, the current line within it, from 0, and that line's text. */
  #record = 0;
  #within = 0;
  #line = "";

  constructor(text: string, options: ParseOptions) {
    this.#options = options;
    this.#separator = options.separator ?? ",";
    const lines = text.replace(/^\ufeff/, "").split(/\r?\n/), last = lines.pop()!;
    this.#lines = last === "" ? lines : [...lines, last.replace(/\r$/, "")];
  }

  #fault(what: string, rest: string): never {
    const column = Array.from(this.#line.slice(0, this.#line.length - rest.length)).length + 1;
    throw new SyntaxError(
      `Syntax error on line ${this.#record}; parse error on line ${
        this.#record + this.#within
      }, column ${column}: ${what}`,
    );
  }

  /** Parses the rest of a quoted field, which may span several lines. */
  #quoted(rest: string): Field {
    const { lazyQuotes } = this.#options;
    let field = "";
    for (;;) {
      const at = rest.indexOf('"');
      if (at < 0) {
        const isOver = this.#at >= this.#lines.length;
        if (isOver && lazyQuotes) return [field + rest, undefined];
        if (isOver) {
          // Report the missing next line, unless the quotation mark ends this one.
          if (rest !== "") [this.#line, this.#within] = ["", this.#within + 1];
          this.#fault('extraneous or missing " in quoted-field', "");
        }
        field += `${rest}\n`;
        rest = this.#line = this.#lines[this.#at++]!;
        this.#within++;
        continue;
      }
      field += rest.slice(0, at);
      rest = rest.slice(at + 1);
      if (rest.startsWith('"')) [field, rest] = [`${field}"`, rest.slice(1)];
      else if (rest === "") return [field, undefined];
      else if (rest.startsWith(this.#separator)) return [field, rest.slice(this.#separator.length)];
      else if (lazyQuotes) field += '"';
      else this.#fault('extraneous or missing " in quoted-field', `"${rest}`);
    }
  }

  #plain(rest: string): Field {
    const at = rest.indexOf(this.#separator), field = at < 0 ? rest : rest.slice(0, at);
    const quote = this.#options.lazyQuotes ? -1 : field.indexOf('"');
    if (quote >= 0) this.#fault('bare " in non-quoted-field', rest.slice(quote));
    return [field, at < 0 ? undefined : rest.slice(at + this.#separator.length)];
  }

  #fields(line: string): string[] {
    const fields: string[] = [], { trimLeadingSpace } = this.#options;
    for (let rest: string | undefined = line; rest !== undefined;) {
      if (trimLeadingSpace) rest = rest.trimStart();
      const [field, behind]: Field = rest.startsWith('"')
        ? this.#quoted(rest.slice(1))
        : this.#plain(rest);
      fields.push(field);
      rest = behind;
    }
    return fields;
  }

  /** All rows except empty lines. */
  rows(): string[][] {
    const { comment, fieldsPerRecord } = this.#options, all: string[][] = [];
    let wanted = fieldsPerRecord;
    while (this.#at < this.#lines.length) {
      this.#line = this.#lines[this.#at++]!;
      this.#record++;
      this.#within = 0;
      const line = this.#line, isLeftOut = line === "" || (comment && line[0] === comment);
      const row = isLeftOut ? [] : this.#fields(line);
      if (this.#record === 1 && wanted === 0) wanted = row.length || undefined;
      if (row.length === 0) continue;
      if (wanted !== undefined && row.length !== wanted) {
        throw new SyntaxError(`record on line ${this.#record}: wrong number of fields`);
      }
      all.push(row);
    }
    return all;
  }
}

function toRecord(row: readonly string[], names: readonly string[], line: number) {
  if (row.length !== names.length) {
    throw new Error(
      `Syntax error on line ${line}: The record has ${row.length} fields, ` +
        `but the header has ${names.length} fields`,
    );
  }
  return Object.fromEntries(names.map((name, i) => [name, row[i]!]));
}

/** Parses comma-separated values into rows of strings. */
export function parse(input: string): string[][];
/** Parses comma-separated values into rows of strings, or into records named by the columns or the header. */
export function parse<const T extends ParseOptions>(
  input: string,
  options: T,
): ParseResult<ParseOptions, T>;
export function parse(
  input: string,
  options: ParseOptions = {},
): string[][] | Record<string, string>[] {
  const { separator = ",", comment, skipFirstRow = false, columns } = options;
  const barred = (text: string | undefined) => ["\r", "\n", '"'].includes(text ?? "");
  if (barred(separator) || barred(comment) || separator === comment) {
    throw new Error("Invalid Delimiter");
  }
  const rows = new Reader(input, options).rows();
  if (!skipFirstRow && !columns) return rows;
  const first = skipFirstRow ? rows.shift() : undefined, names = columns ?? first;
  if (!names || (skipFirstRow && !first)) throw new TypeError("Headers must be defined");
  return rows.map((row, i) => toRecord(row, names, i + (skipFirstRow ? 2 : 1)));
}
