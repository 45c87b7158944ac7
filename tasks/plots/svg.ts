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

/** The size of a panel with its margins, in pixels. */
interface Size {
  readonly wide: number;
  readonly high: number;
}

const panelSize = ({ width, height, left, top, right, bottom }: Layout): Size => ({
  wide: left + width + right,
  high: top + height + bottom,
});

/** Pixels between panels, and around all of them. */
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

/** A panel by itself. */
const standalonePanel = (inner: string, panel: Panel, { wide, high }: Size): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeXml(altText(panel))}" ` +
  `viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}">${inner}</svg>`;

/** Panels in two columns, or three where there are many; the size of all of them. */
function arrangePanels(inners: readonly string[], { wide, high }: Size) {
  const columns = inners.length > 4 ? 3 : Math.min(inners.length, 2);
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

/** A figure as a file: its panels on paper, with its title and what it shows in words. */
function figureSvg(inners: readonly string[], title: string, alt: string, size: Size): string {
  const { placed, width, height } = arrangePanels(inners, size);
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" ` +
    `aria-describedby="description" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">` +
    `<title id="title">${escapeXml(title)}</title><desc id="description">${escapeXml(alt)}</desc>` +
    `<style>${darkDrawings()}</style>` +
    `<rect width="${width}" height="${height}" fill="${PAGE.paper.light}"/>${placed}</svg>\n`;
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
    svg: figureSvg(inners, title, alt, size),
    panels: inners.map((inner, i) => standalonePanel(inner, panels[i]!, size)),
  };
}
