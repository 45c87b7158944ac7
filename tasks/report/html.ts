/**
 * Rendering a report to one self-contained HTML page.
 *
 * @module
 */
import { escapeXml } from "../plots/svg.ts";
import type { Block, Document, Lines, TableBlock } from "./document.ts";
import { STYLE } from "./style.ts";

function cellHtml(lines: Lines, header: boolean, number: boolean): string {
  const [first = "", ...rest] = lines.map(escapeXml);
  const tag = header ? "th" : "td";
  const attributes = (header ? ' scope="row"' : "") + (number ? ' class="number"' : "");
  return `<${tag}${attributes}>${first}${
    rest.map((line) => `<small>${line}</small>`).join("")
  }</${tag}>`;
}

function tableHtml({ caption, head, rows, numeric = [] }: TableBlock): string {
  const headers = head.map((name, i) => {
    const look = numeric.includes(i) ? ' class="number"' : "";
    return name === "" ? "<td></td>" : `<th scope="col"${look}>${escapeXml(name)}</th>`;
  });
  const body = rows.map((row) =>
    `<tr>${row.map((lines, i) => cellHtml(lines, i === 0, numeric.includes(i))).join("")}</tr>`
  );
  return `<div class="scroll" role="region" tabindex="0" aria-label="${
    escapeXml(caption)
  }"><table>` +
    `<caption><span>${escapeXml(caption)}</span></caption><thead><tr>${
      headers.join("")
    }</tr></thead>` +
    `<tbody>\n${body.join("\n")}\n</tbody></table></div>`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `<h${block.level}>${escapeXml(block.text)}</h${block.level}>`;
    case "paragraph":
      return `<p>${escapeXml(block.text)}</p>`;
    case "list":
      return `<ul>${block.items.map((item) => `<li>${escapeXml(item)}</li>`).join("")}</ul>`;
    case "code":
      return `<pre tabindex="0"><code>${escapeXml(block.text)}</code></pre>`;
    case "table":
      return tableHtml(block);
    case "figure": {
      const { number, drawing: { name, panels, caption, key } } = block;
      return `<figure id="${escapeXml(name)}"><div class="panels">${panels.join("\n")}</div>` +
        `<figcaption><b>Figure ${number}.</b> ${
          escapeXml([caption, ...key].join(" "))
        }</figcaption></figure>`;
    }
  }
}

/** The page of a report. */
export const renderHtml = ({ title, lead, blocks }: Document): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeXml(title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeXml(title)}</h1>
${lead.map((text) => `<p class="lead">${escapeXml(text)}</p>`).join("\n")}
${blocks.map(blockHtml).join("\n")}
</main>
</body>
</html>
`;
