/**
 * Duplicate names in an object of a JSON text, which a parser silently ignores.
 *
 * @module
 */

/** A string, or a bracket; strings hold any brackets and escaped quotes within. */
const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/gs;

/** The first duplicate name in one object of a valid JSON text; undefined if there is none. */
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
