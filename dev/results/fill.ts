/**
 * Filling the page of results: each mark in its text is replaced by what a record says.
 *
 * @module
 */
import { TaskError } from "../../tasks/cli/mod.ts";

/** A mark, such as `{{ mean blog "all images" "LSUV, rate 0.1" }}`. */
const MARK = /\{\{([^{}]*)\}\}/g;

/** The words of a mark, those with spaces in quotes. */
const WORD = /"([^"]*)"|(\S+)/g;

/** A part of the page that is only there with a record of a name, or only without. */
const PART = /\{\{\s*(when|unless)\s+(\S+)\s*\}\}([\s\S]*?)\{\{\s*end\s*\}\}\n*/g;

/** A text with the parts that there are records for. */
export async function chooseParts(
  text: string,
  isThere: (name: string) => Promise<boolean>,
): Promise<string> {
  const names = new Set([...text.matchAll(PART)].map(([, , name]) => name!));
  const known = new Set<string>();
  for (const name of names) if (await isThere(name)) known.add(name);
  return text.replace(
    PART,
    (_, word, name, part: string) =>
      known.has(name) === (word === "when") ? `${part.trim()}\n\n` : "",
  );
}

/** What a mark of a name is replaced by. */
export type Directive = (...words: string[]) => string | Promise<string>;

/** The words of a mark's text. */
const wordsOf = (mark: string): readonly string[] =>
  [...mark.replace(/\s+/g, " ").matchAll(WORD)].map(([, quoted, plain]) => quoted ?? plain!);

/** The text that a mark is replaced by. */
async function replacement(
  mark: string,
  directives: Readonly<Record<string, Directive>>,
): Promise<string> {
  const [name = "", ...words] = wordsOf(mark), directive = directives[name];
  if (!directive) {
    throw new TaskError(
      `{{ ${name} }}: expected one of ${Object.keys(directives).join(", ")}, found ${
        name || "nothing"
      }`,
    );
  }
  try {
    return await directive(...words);
  } catch (cause) {
    if (!(cause instanceof TaskError)) throw cause;
    throw new TaskError(`{{ ${[name, ...words].join(" ")} }}: ${cause.message}`, { cause });
  }
}

/** A text with its marks replaced, one after another. */
export async function fillMarks(
  text: string,
  directives: Readonly<Record<string, Directive>>,
): Promise<string> {
  const parts: string[] = [];
  let from = 0;
  for (const { 0: whole, 1: mark = "", index } of text.matchAll(MARK)) {
    parts.push(text.slice(from, index), await replacement(mark, directives));
    from = index + whole.length;
  }
  return [...parts, text.slice(from)].join("");
}
