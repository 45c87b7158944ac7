/**
 * Finds duplicate names in JSON objects, which `JSON.parse` silently accepts.
 *
 * @module
 */

/** A string, with a colon if it is a name, or a bracket. */
const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/gs;

/** The first name that occurs twice in one object of a valid JSON text; undefined if there is none. */
export function duplicateKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, colon] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(token.slice(0, -colon.length)), names = open.at(-1)!;
      if (names.has(name)) return name;
      names.add(name);
    }
  }
}
