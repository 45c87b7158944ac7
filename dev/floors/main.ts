/**
 * `deno task floors`: checks the imports. The library (`src`) and the application (`tasks`) are built in
 * floors, each of which imports only itself and lower ones; no files import each other in a cycle, not even
 * for a type; no file imports an entry of `tasks`; benchmarks import nothing internal to a task. Prints one
 * line per violation, and exits with 1 if there is any.
 *
 * @module
 */
import { faults } from "./check.ts";
import { readSources } from "./sources.ts";

const sources = await readSources(".");
const found = faults(sources);
for (const fault of found) console.error(fault);
console.log(`floors: ${sources.length} files, ${found.length} faults`);
Deno.exit(found.length > 0 ? 1 : 0);
