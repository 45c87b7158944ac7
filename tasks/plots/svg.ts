/**
 * Figures as SVG files: panels side by side with a title and a description, in dark colors on dark screens.
 *
 * @module
 */
import { type Layout, layoutPanels } from "./layout.ts";
import { darkDrawings, PAGE } from "./palette.ts";
import { altText, type Figure, type Panel } from "./panel.ts";
import { panelSpec } from "./panel_spec.ts";
import type { Draw } from "./vega.ts";

/** A drawn figure. */
export interface Drawing {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
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

/** Pixels between panels, and around all of them. */
const GAP = 16, MARGIN = 12;

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

/** Panels in two columns, or three where there are many, and the size of all together. */
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

/** The SVG file of a figure: its panels, title and description. */
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
