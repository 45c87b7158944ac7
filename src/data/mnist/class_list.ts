/**
 * Parses files that list a data set's class names.
 *
 * @module
 */
import { DataError, type NamedBytes } from "../files/data_file.ts";
import { oneLine } from "../../one_line.ts";

/** The classes of a data set. */
export interface ClassList {
  /** Their names, in the order of their labels. */
  readonly names: readonly string[];
  /** The label of the first; the others are consecutive. */
  readonly first: number;
}

/** Whether a file name is that of a mapping such as EMNIST's, or of a class list. */
export const isMapping = (name: string): boolean => /(^|[-_.])mapping\.txt$/i.test(name);
export const isClassList = (name: string): boolean =>
  /^(classes|labels|class_names)\.txt$/i.test(name);

const splitLines = ({ bytes }: NamedBytes): string[] =>
  new TextDecoder().decode(bytes).split(/\r?\n/).map((line) => line.trim()).filter(Boolean);

/**
 * Reads a mapping in EMNIST's format: on each line a label and the code points of its characters. The last
 * one, the lower-case letter if there is one, names the class. Throws a {@linkcode DataError} on other
 * text, and if a label is missing.
 */
export function parseMapping(source: NamedBytes): ClassList {
  const rows = splitLines(source).map((line) => line.split(/[\s,]+/).map(Number))
    .sort(([a], [b]) => a! - b!);
  const first = rows[0]?.[0] ?? 0;
  rows.forEach(([label, ...codes], i) => {
    const whole = codes.length > 0 &&
      codes.every((code) => Number.isInteger(code) && code > 0 && code < 0x110000);
    if (label === first + i && Number.isInteger(first) && first >= 0 && whole) return;
    throw new DataError(
      `${source.file}: expected a label and code points of characters on each line, each label from ` +
        `${first} once, found "${oneLine(rows[i]!.join(" "), 120)}"`,
    );
  });
  if (rows.length === 0) throw new DataError(`${source.file}: expected a mapping, found no line`);
  return { names: rows.map((codes) => String.fromCodePoint(codes.at(-1)!)), first };
}

/** Reads a list with one class name per line. Throws a {@linkcode DataError} on an empty one. */
export function parseClassList(source: NamedBytes): ClassList {
  const names = splitLines(source);
  if (names.length > 0) return { names, first: 0 };
  throw new DataError(`${source.file}: expected a class on each line, found none`);
}
