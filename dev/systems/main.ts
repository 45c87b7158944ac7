/**
 * `deno task systems`: writes docs/systems.md, a row for each system that the paper names; with `--check` it
 * only reports whether the file is up to date; with `--lsuv PART` it first initializes the nets whose call
 * contains PART, at full size (all of them: some minutes and 3 GiB).
 *
 * @module
 */
import { open } from "../../src/runtime/mod.ts";
import { formatMarkdown } from "../format_markdown.ts";
import { measureAll, readOutcomes } from "./measure.ts";
import { renderSystems } from "./render.ts";
import { SYSTEMS } from "./rows.ts";

const ROOT = new URL("../../", import.meta.url).pathname, FILE = `${ROOT}docs/systems.md`;

const at = Deno.args.indexOf("--lsuv");
if (at >= 0) {
  await using run = await open({ device: "cpu" });
  await measureAll(run, SYSTEMS, Deno.args[at + 1] ?? "");
}
const text = await formatMarkdown(renderSystems(SYSTEMS, await readOutcomes()), ROOT);
if (!Deno.args.includes("--check")) await Deno.writeTextFile(FILE, text);
else if (text !== await Deno.readTextFile(FILE).catch(() => "")) {
  console.error("systems: docs/systems.md is not up to date: deno task systems");
  Deno.exit(1);
}
