/**
 * Rendering a report to Markdown, with figures as files beside it.
 *
 * @module
 */
import type { Block, Document, Lines, TableBlock } from "./document.ts";

/** Text with its markup characters escaped. */
export const plain = (text: string): string =>
  text.replace(/[\\`*_[\]<>|]/g, (letter) => `\\${letter}`).replace(/^([#+-])(?=\s)/, "\\$1");

const cell = (lines: Lines): string => lines.map(plain).join("<br>");

function tableMarkdown({ caption, head, rows, numeric = [] }: TableBlock): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `${plain(caption)}\n`,
    line(head.map(plain)),
    line(head.map((_, i) => numeric.includes(i) ? "---:" : "---")),
    ...rows.map((row) => line(row.map(cell))),
  ].join("\n");
}

/** The Markdown of a block. */
export function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `${"#".repeat(block.level)} ${plain(block.text)}`;
    case "paragraph":
      return plain(block.text);
    case "list":
      return block.items.map((item) => `- ${plain(item)}`).join("\n");
    case "code":
      return `\`\`\`sh\n${block.text}\n\`\`\``;
    case "table":
      return tableMarkdown(block);
    case "figure": {
      const { number, drawing: { name, alt, caption } } = block;
      return `![${plain(alt)}](${name}.svg)\n\n**Figure ${number}.** ${plain(caption)}`;
    }
  }
}

/** The Markdown of a report. */
export const renderMarkdown = ({ title, lead, blocks }: Document): string =>
  [`# ${plain(title)}`, ...lead.map(plain), ...blocks.map(blockMarkdown)].join("\n\n") + "\n";
