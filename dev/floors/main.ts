/**
 * `deno task floors`: checks who imports whom. The library (`src`) and the application (`tasks`) are
 * built in floors, of which each imports itself and lower ones; no files import each other in a circle,
 * not for a type either; nobody imports an entry of `tasks`; benchmarks see nothing of a task's insides.
 * One line a fault, and exit code 1 where there is one.
 *
 * @module
 */
import { faults } from "./check.ts";
import { sourcesOf } from "./sources.ts";

const sources = await sourcesOf(".");
const found = faults(sources);
for (const fault of found) console.error(fault);
console.log(`floors: ${sources.length} files, ${found.length} faults`);
Deno.exit(found.length > 0 ? 1 : 0);
