/**
 * `deno task floors`: checks the imports. The library (`src`) and the application (`tasks`) are built in
 * floors, each of which imports only itself and lower ones; no files import each other in a cycle, not even
 * for a type; no file imports an entry of `tasks`; benchmarks import nothing internal to a task. Prints one
 * line per violation, and exits with 1 if there is any.
 *
 * @module
 */
import { counted } from "../../src/counted.ts";
import { type Command, command, EXIT } from "../../tasks/cli/mod.ts";
import { faults } from "./check.ts";
import { readSources } from "./sources.ts";

const FLOORS: Command<Record<never, never>> = {
  name: "floors",
  table: {},
  page: {
    command: "deno task floors",
    about: "check which files import which: every floor imports only itself and lower ones.",
    examples: [["deno task floors", "One line for each fault, and their number:"]],
    notes: [
      "The floors and their order are in dev/floors/order.ts; docs/architecture.md draws them. Circles of " +
      "imports, imports of a task's entry, and imports of a task's internals by a benchmark are faults too.",
      "Exit codes: 0 no fault, 1 some, 2 a wrong command line.",
    ],
  },
};

async function work(): Promise<number> {
  const sources = await readSources("."), found = faults(sources);
  for (const fault of found) console.error(fault);
  console.log(`floors: ${counted(sources.length, "file")}, ${counted(found.length, "fault")}`);
  return found.length > 0 ? EXIT.failed : EXIT.done;
}

if (import.meta.main) Deno.exit(await command(FLOORS, Deno.args, work));
