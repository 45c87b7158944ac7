/**
 * Figures as SVG files: panels side by side with a title and a description, in dark colors on dark screens.
 *
 * @module
 */
import { COLUMN, GAP, type Layout, layoutPanels, MARGIN, TEXT } from "./layout.ts";
import { darkDrawings, FONT, PAGE } from "./palette.ts";
import { altText, type Figure, type Panel } from "./panel.ts";
import { panelSpec } from "./panel_spec.ts";
import type { Draw } from "./vega.ts";

/** A drawn figure. */
export interface Drawing {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  /** What its marks mean, which the file says below the panels. */
  readonly key: readonly string[];
  /** The alternative text. */
  readonly alt: string;
  /** The SVG file. */
  readonly svg: string;
  /** Each panel as an SVG of its own, for a page that arranges them itself. */
  readonly panels: readonly string[];
}

/** The size of a panel with its margins, in pixels. */
interface Size {
  readonly wide: number;
  readonly high: number;
}

const panelSize = ({ width, height, left, top, right, bottom }: Layout): Size => ({
  wide: left + width + right,
  high: top + height + bottom,
});

/** Text escaped for XML. */
export const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

/** The content of Vega's drawing, without attributes and paths that have no effect. */
const innerSvg = (svg: string): string =>
  svg.replace(/^<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "")
    .replace(/ (?:aria-[a-z]+|role|pointer-events|stroke-miterlimit)="[^"]*"/g, "")
    .replace(/<path class="(?:foreground|background)"[^>]*\/>/g, "");

/** A panel as an SVG of its own. */
const standalonePanel = (inner: string, panel: Panel, { wide, high }: Size): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeXml(altText(panel))}" ` +
  `viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}">${inner}</svg>`;

/** Panels in columns, and the size of all together. */
function arrangePanels(inners: readonly string[], { wide, high }: Size, { columns }: Layout) {
  const rows = Math.ceil(inners.length / columns);
  const placed = inners.map((inner, i) => {
    const x = MARGIN + (i % columns) * (wide + GAP);
    const y = MARGIN + Math.floor(i / columns) * (high + GAP);
    return `<g transform="translate(${x},${y})">${inner}</g>`;
  });
  return {
    placed: placed.join(""),
    width: columns * wide + (columns - 1) * GAP + 2 * MARGIN,
    height: rows * high + (rows - 1) * GAP + 2 * MARGIN,
  };
}

/** Sentences as lines of at most so many letters. */
function wrapText(sentences: readonly string[], letters: number): readonly string[] {
  const lines: string[] = [];
  for (const word of sentences.join(" ").split(" ")) {
    const line = lines.at(-1), longer = line === undefined ? word : `${line} ${word}`;
    if (line === undefined || longer.length > letters) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.filter((line) => line !== "");
}

/** The key of a figure as text from a height on, and the height that it takes. */
function keySvg(key: readonly string[], width: number, top: number) {
  const lines = wrapText(key, Math.floor((width - 2 * MARGIN) / (0.95 * TEXT.letter)));
  const text = lines.map((line, i) =>
    `<text x="${MARGIN}" y="${top + TEXT.gap * (i + 1)}" font-family="${escapeXml(FONT)}" ` +
    `font-size="${TEXT.size}" fill="${PAGE.muted.light}">${escapeXml(line)}</text>`
  );
  return { text: text.join(""), high: lines.length > 0 ? TEXT.gap * lines.length + MARGIN : 0 };
}

/** The SVG file of a figure: its panels, key, title and description. */
function figureSvg(
  inners: readonly string[],
  { title, key = [] }: Figure,
  alt: string,
  layout: Layout,
): string {
  const { placed, ...all } = arrangePanels(inners, panelSize(layout), layout);
  const width = key.length > 0 ? Math.max(all.width, COLUMN / 2) : all.width;
  const { text, high } = keySvg(key, width, all.height - MARGIN), height = all.height + high;
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" ` +
    `aria-describedby="description" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">` +
    `<title id="title">${escapeXml(title)}</title><desc id="description">${escapeXml(alt)}</desc>` +
    `<style>${darkDrawings()}</style>` +
    `<rect width="${width}" height="${height}" fill="${PAGE.paper.light}"/>${placed}${text}</svg>\n`;
}

/** Draws a figure. */
export async function drawFigure(draw: Draw, figure: Figure): Promise<Drawing> {
  const { name, title, caption, key = [], panels, width } = figure;
  const layout = layoutPanels(panels, width), size = panelSize(layout);
  const drawn = await Promise.all(panels.map((panel) => draw(panelSpec(panel, layout))));
  const inners = drawn.map(innerSvg);
  const alt = panels.map(altText).join(" ");
  return {
    name,
    title,
    caption,
    key,
    alt,
    svg: figureSvg(inners, figure, alt, layout),
    panels: inners.map((inner, i) => standalonePanel(inner, panels[i]!, size)),
  };
}
