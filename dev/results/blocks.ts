/**
 * Marks that stand alone: tables of records, what they say, and where they come from.
 *
 * @module
 */
import { compareRows } from "../../tasks/experiments/comparison.ts";
import { valueText } from "../../tasks/experiments/findings/finding.ts";
import { plainTable, type TableBlock } from "../../tasks/report/document.ts";
import { blockMarkdown } from "../../tasks/report/markdown.ts";
import type { Results } from "../../tasks/report/results.ts";
import { compactTable, endsTable, trainingTable } from "../../tasks/report/sections/compact.ts";
import { readText } from "../../tasks/schema/read_file.ts";
import { epochsTable } from "./epochs.ts";
import type { Directive } from "./fill.ts";
import { layersTable } from "./layers.ts";
import type { ReadNamed } from "./numbers.ts";
import { recordFolder } from "./records.ts";
import { sourceText } from "./source.ts";

const list = (items: readonly string[]): string => blockMarkdown({ kind: "list", items });

/** What the table of an experiment says. */
function saysText(results: Results): string {
  const { kind, testImages } = results;
  return kind === "experiment" && testImages !== undefined
    ? list(compareRows({ ...results, testImages }))
    : "";
}

/** The findings of an experiment, each a table with its notes. */
const findingsText = ({ findings = [] }: Results): string =>
  findings.flatMap(({ title, head, lines, notes }) => [
    blockMarkdown(plainTable(
      `${title}.`,
      head,
      lines.map((line) => line.map(valueText)),
      head.flatMap((name, i) => name === "" ? [] : [i]),
    )),
    notes.join(" "),
  ]).join("\n\n");

/** The output of `deno task compare`, which a record may hold. */
async function compareText(name: string): Promise<string> {
  const text = await readText(`${recordFolder(name)}/compare.txt`);
  return text === undefined ? "" : `\`\`\`\n${text.trimEnd()}\n\`\`\``;
}

/** The marks that stand alone. */
export function blockMarks(read: ReadNamed): Readonly<Record<string, Directive>> {
  const table = (make: (results: Results) => TableBlock): Directive => async (name = "") =>
    blockMarkdown(make(await read(name)));
  return {
    table: table(compactTable),
    training: table(trainingTable),
    ends: table(endsTable),
    says: async (name = "") => saysText(await read(name)),
    findings: async (name = "") => findingsText(await read(name)),
    epochs: async (name = "", row) => blockMarkdown(epochsTable(await read(name), row)),
    layers: async (name = "", row) => blockMarkdown(layersTable(await read(name), row)),
    compare: (name = "") => compareText(name),
    source: async (name = "") => sourceText(await read(name)),
  };
}
