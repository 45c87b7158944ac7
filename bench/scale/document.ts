/**
 * Writes the measured part of `docs/scale.md`, and its figure.
 *
 * @module
 */
import { writeAtomically } from "../../src/train/write_atomically.ts";
import { denoProgram, TaskError } from "../../tasks/cli/mod.ts";
import { drawFigure, loadVega } from "../../tasks/plots/mod.ts";
import { scaleFigure } from "./figure.ts";
import type { ScaleResult } from "./result.ts";
import { allTables, type Table } from "./tables.ts";

/** The marks around the part that is written. */
const START = "<!-- measured by deno task bench:scale -->", END = "<!-- end -->";

const DOCS = new URL("../../docs/", import.meta.url).pathname;

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const markdownTable = ({ title, head, rows }: Table): string =>
  [
    `**${title}**`,
    "",
    row(head),
    row(head.map((_, i) => i === 0 ? "---" : "---:")),
    ...rows.map(row),
  ].join("\n");

/** The measured part of the page. */
const measuredPart = (result: ScaleResult, alt: string): string =>
  [
    `${result.machine}; ${result.date}, Deno ${result.deno}. \`${result.command}\``,
    `![${alt}](scale.svg)`,
    ...allTables(result).map(markdownTable),
  ].join("\n\n");

/** A page with another part between its marks; throws TaskError if it has none. */
export function withPart(page: string, part: string): string {
  const from = page.indexOf(START), to = page.indexOf(END, from);
  if (from < 0 || to < 0) {
    throw new TaskError(`docs/scale.md: expected the lines ${START} and ${END}, found none`);
  }
  return `${page.slice(0, from + START.length)}\n\n${part}\n\n${page.slice(to)}`;
}

/** Writes the page and the figure. Throws NoFiguresError where Vega-Lite is not available. */
export async function writeDocument(result: ScaleResult, folder = DOCS): Promise<void> {
  const { svg, alt } = await drawFigure(await loadVega(), scaleFigure(result));
  const page = `${folder}scale.md`, text = await Deno.readTextFile(page);
  await writeAtomically(`${folder}scale.svg`, svg);
  await writeAtomically(page, withPart(text, measuredPart(result, alt)));
  await new Deno.Command(denoProgram(), { args: ["fmt", "--quiet", page] }).output();
  console.log(page);
}
