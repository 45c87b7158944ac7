/**
 * `deno task systems`: writes docs/systems.md, a row for each system that the paper names. See `--help`.
 *
 * @module
 */
import { open } from "../../src/runtime/mod.ts";
import { type Command, command, TaskError, type Values } from "../../tasks/cli/mod.ts";
import { checkOption } from "../check_option.ts";
import { formatMarkdown } from "../format_markdown.ts";
import { measureAll, readOutcomes } from "./measure.ts";
import { renderSystems } from "./render.ts";
import { SYSTEMS } from "./rows.ts";

const ROOT = new URL("../../", import.meta.url).pathname, PAGE = "docs/systems.md";

const TABLE = {
  ...checkOption(PAGE),
  lsuv: {
    kind: "text",
    value: "PART",
    help: "First initialize the nets whose call contains PART, at full size, and keep the outcome.",
    otherwise: "none, the outcomes of before",
  },
} as const;

const COMMAND: Command<typeof TABLE> = {
  name: "systems",
  table: TABLE,
  page: {
    command: "deno task systems",
    about: `write ${PAGE}, a row for each system that the paper names.`,
    examples: [
      ["deno task systems", "After a change of a net or of the rows in dev/systems:"],
      ["deno task systems --lsuv nin", "With LSUV of some nets measured again:"],
      ["deno task systems --check", "As deno task ok does:"],
    ],
    notes: ["LSUV of all nets takes some minutes and 3 GiB of memory."],
  },
};

async function work({ check, lsuv }: Values<typeof TABLE>): Promise<void> {
  if (lsuv !== undefined) {
    await using run = await open({ device: "cpu" });
    await measureAll(run, SYSTEMS, lsuv);
  }
  const text = await formatMarkdown(renderSystems(SYSTEMS, await readOutcomes()), ROOT);
  if (!check) await Deno.writeTextFile(`${ROOT}${PAGE}`, text);
  else if (text !== await Deno.readTextFile(`${ROOT}${PAGE}`).catch(() => "")) {
    throw new TaskError(`${PAGE} is not up to date; run deno task systems`);
  }
}

if (import.meta.main) Deno.exit(await command(COMMAND, Deno.args, ({ values }) => work(values)));
