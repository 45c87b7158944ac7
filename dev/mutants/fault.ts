/**
 * A planted fault: a small change of the source that tests of the same room must notice.
 *
 * @module
 */

/** A fault, as data: `find`, which the file contains once, becomes `replace`. */
export interface Fault {
  /** The file, from the repository's root. */
  readonly file: string;
  /** Text that occurs exactly once in it. */
  readonly find: string;
  /** What stands there instead. */
  readonly replace: string;
  /** What then goes wrong, in a few words. */
  readonly means: string;
  /** The tests that must notice it, the cheapest first; all are of the file's own room. */
  readonly tests: readonly string[];
  /** Why nothing that can be observed changes; such a fault is shown, not counted. */
  readonly equivalent?: string;
  /** Why no test notices it; such a fault is counted as one that survives. */
  readonly survives?: string;
}

/** A fault of a file: what is found there, what replaces it, what it means, and further fields. */
export type Change = readonly [
  find: string,
  replace: string,
  means: string,
  more?: Partial<Pick<Fault, "tests" | "equivalent" | "survives">>,
];

/** The faults of one file, noticed by the same tests unless one names others. */
export const faultsIn = (
  file: string,
  tests: readonly string[],
  changes: readonly Change[],
): Fault[] =>
  changes.map(([find, replace, means, more]) => ({ file, find, replace, means, tests, ...more }));

/** How a fault is called in tables: its file and what it means. */
export const faultName = ({ file, means }: Fault): string => `${file}: ${means}`;

/** How often a text occurs in another, overlaps included. */
export function countText(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) count++;
  return count;
}

/** The room that a file belongs to, whose tests must notice its faults: `data`, `tasks/run`, or `.` of loose files. */
export function roomOf(file: string): string {
  const folders = file.replace(/^(?:src|tests)\//, "").split("/").slice(0, -1);
  return folders.slice(0, folders[0] === "tasks" ? 2 : 1).join("/") || ".";
}

/** The file with the fault. Throws unless the fault's text occurs exactly once. */
export function plant(text: string, fault: Fault): string {
  const { find, replace } = fault, count = countText(text, find);
  if (count === 1) return text.replace(find, () => replace);
  throw new RangeError(`${faultName(fault)}: expected its text once, found it ${count} times`);
}
