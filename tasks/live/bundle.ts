/**
 * Bundling TypeScript modules to one script for a page: types are stripped, and each module becomes a function.
 *
 * @module
 */
import { stripTypeScriptTypes } from "node:module";

const IMPORT = /^import\s+(?:\{([^}]*)\}|\*\s+as\s+(\w+))\s+from\s+"([^"]+)";?$/gm;
const EXPORT = /^export (?=(?:async )?(?:const|function\*?|class) (\w+))/gm;

const REEXPORT = /^export\s+\{([^}]*)\}\s+from\s+"([^"]+)";?$/gm;
/** What none of these has matched. */
const OTHER = /^(?:import|export)\b.*$/m;

const bound = (names: string): string => names.replace(/(\w+)\s+as\s+(\w+)/g, "$1: $2").trim();

/** A script that runs a module and its imports, each once. All imports must be relative. */
export async function bundle(entry: URL): Promise<string> {
  const places = new Map<string, string>(), parts: string[] = [];
  const add = async (url: URL): Promise<string> => {
    const known = places.get(url.href);
    if (known) return known;
    const place = `module${places.size}`;
    places.set(url.href, place);
    const code = stripTypeScriptTypes(await Deno.readTextFile(url)).replace(/^import\s*;$/gm, "");
    const imports: string[] = [];
    for (const [, names, whole, path] of code.matchAll(IMPORT)) {
      const from = await add(new URL(path!, url));
      imports.push(`const ${whole ?? `{ ${bound(names!)} }`} = ${from};`);
    }
    const exported = [...code.matchAll(EXPORT)].map(([, name]) => name!);
    for (const [, names, path] of code.matchAll(REEXPORT)) {
      imports.push(`const { ${bound(names!)} } = ${await add(new URL(path!, url))};`);
      exported.push(...names!.split(",").map((name) => name.trim().split(/\s+as\s+/).at(-1)!));
    }
    const body = [IMPORT, REEXPORT, EXPORT, /^\/\*\*[^]*?\*\/$/gm].reduce(
      (text, gone) => text.replace(gone, ""),
      code,
    )
      .replace(/[ \t]+$/gm, "").replace(/\n{2,}/g, "\n").trim();
    const [other] = OTHER.exec(body) ?? [];
    if (other) {
      throw new SyntaxError(
        `${url.pathname}: expected imports and exports by name in one statement, found ${other}`,
      );
    }
    parts.push(
      `const ${place} = (() => {\n${imports.join("\n")}\n${body}\n` +
        `return { ${exported.join(", ")} };\n})();`,
    );
    return place;
  };
  await add(entry);
  return `"use strict";\n${parts.join("\n")}\n`;
}
