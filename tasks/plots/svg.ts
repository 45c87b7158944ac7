/**
 * Figures as SVG files: panels side by side with a title and a description, dark on dark screens.
 *
 * @module
 */
import { type Layout, layoutPanels } from "./layout.ts";
import { darkDrawings, PAGE } from "./palette.ts";
import { altText, type Figure, type Panel } from "./panel.ts";
import { panelSpec } from "./panel_spec.ts";
import type { Draw } from "./vega.ts";

/** A figure that is drawn. */
export interface Drawing {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  /** In words. */
  readonly alt: string;
  /** The whole as a file. */
  readonly svg: string;
  /** Each panel by itself, for a page that sets them as it has room. */
  readonly panels: readonly string[];
}

const panelSize = ({ width, height, left, top, right, bottom }: Layout) => ({
  wide: left + width + right,
  high: top + height + bottom,
});
const GAP = 16, MARGIN = 12;

/** Text as it may stand in XML. */
export const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

/** What stands in Vega's drawing, less what is neither seen nor read. */
const innerSvg = (svg: string): string =>
  svg.replace(/^<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "")
    .replace(/ (?:aria-[a-z]+|role|pointer-events|stroke-miterlimit)="[^"]*"/g, "")
    .replace(/<path class="(?:foreground|background)"[^>]*\/>/g, "");

const standalonePanel = (
  inner: string,
  panel: Panel,
  { wide, high }: ReturnType<typeof panelSize>,
) =>
  `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeXml(altText(panel))}" ` +
  `viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}">${inner}</svg>`;

function arrangePanels(
  inners: readonly string[],
  { title }: Figure,
  alt: string,
  { wide, high }: ReturnType<typeof panelSize>,
): string {
  const columns = inners.length > 4 ? 3 : Math.min(inners.length, 2);
  const rows = Math.ceil(inners.length / columns);
  const width = columns * wide + (columns - 1) * GAP + 2 * MARGIN;
  const height = rows * high + (rows - 1) * GAP + 2 * MARGIN;
  const placed = inners.map((inner, i) => {
    const x = MARGIN + (i % columns) * (wide + GAP);
    const y = MARGIN + Math.floor(i / columns) * (high + GAP);
    return `<g transform="translate(${x},${y})">${inner}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" ` +
    `aria-describedby="description" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">` +
    `<title id="title">${escapeXml(title)}</title><desc id="description">${escapeXml(alt)}</desc>` +
    `<style>${darkDrawings()}</style>` +
    `<rect width="${width}" height="${height}" fill="${PAGE.paper.light}"/>${
      placed.join("")
    }</svg>\n`;
}

/** Draws a figure. */
export async function drawFigure(draw: Draw, figure: Figure): Promise<Drawing> {
  const { name, title, caption, panels } = figure;
  const layout = layoutPanels(panels), size = panelSize(layout);
  const drawn = await Promise.all(panels.map((panel) => draw(panelSpec(panel, layout))));
  const inners = drawn.map(innerSvg);
  const alt = panels.map(altText).join(" ");
  return {
    name,
    title,
    caption,
    alt,
    svg: arrangePanels(inners, figure, alt, size),
    panels: inners.map((inner, i) => standalonePanel(inner, panels[i]!, size)),
  };
}
