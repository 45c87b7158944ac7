/**
 * `deno task ok`, all checks: format, lint, types, floors, docs/api.md, the drawings of
 * docs/architecture.md, docs/systems.md, docs/results.md, documentation, and tests, including the examples of the documentation. Every step
 * runs, and the last line says which of them failed.
 *
 * @module
 */
import { isThere } from "./is_there.ts";
import { type Command, command, denoProgram, EXIT } from "../tasks/cli/mod.ts";
import { MODULES } from "./api.ts";

const CHECKED = ["mod.ts", "src", "tasks", "dev", "tests", "bench", "compat", "examples", "site"];

/** The steps in order, cheap ones first: a name and the arguments of `deno`. */
const STEPS: readonly (readonly [name: string, args: string[]])[] = [
  ["format", ["fmt", "--check", "--quiet"]],
  ["lint", ["lint", "--quiet"]],
  ["types", ["check", "--quiet", ...CHECKED.filter(isThere)]],
  ["floors", ["task", "--quiet", "floors"]],
  ["api", ["task", "--quiet", "api", "--check"]],
  ["architecture", ["task", "--quiet", "architecture", "--check"]],
  ["systems", ["task", "--quiet", "systems", "--check"]],
  ["results", ["task", "--quiet", "results", "--check"]],
  ["documentation", ["doc", "--lint", "--quiet", ...MODULES]],
  ["tests", ["task", "--quiet", "test"]],
];

const OK: Command<Record<never, never>> = {
  name: "ok",
  table: {},
  page: {
    command: "deno task ok",
    about: `run all checks: ${STEPS.map(([name]) => name).join(", ")}.`,
    examples: [["deno task ok", "Before a change is shared:"]],
    notes: [
      "Every step runs; the last line is ok, or says which of them failed. Each can be run alone: deno fmt, " +
      "deno lint, deno check, deno task floors, api, architecture, systems, results, test.",
      "Exit codes: 0 ok, 1 something failed, 2 a wrong command line.",
    ],
  },
};

async function work(): Promise<number> {
  const failed: string[] = [];
  for (const [name, args] of STEPS) {
    console.log(`── ${name}`);
    const { success } = await new Deno.Command(denoProgram(), { args }).spawn().status;
    if (!success) failed.push(name);
  }
  console.log(failed.length > 0 ? `not ok: ${failed.join(", ")}` : "ok");
  return failed.length > 0 ? EXIT.failed : EXIT.done;
}

if (import.meta.main) Deno.exit(await command(OK, Deno.args, work));
