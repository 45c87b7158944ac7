/**
 * Drawings that are made without Vega-Lite: their text, and the file around what they show.
 *
 * @module
 */
import { TEXT } from "./layout.ts";
import { darkDrawings, FONT, PAGE } from "./palette.ts";
import { type Drawing, escapeXml } from "./svg.ts";

/** A text with further attributes. */
export const plainText = (
  content: string,
  attributes: string,
  fill: string = PAGE.muted.light,
): string =>
  `<text ${attributes} font-family="${escapeXml(FONT)}" font-size="${TEXT.size}" fill="${fill}">` +
  `${escapeXml(content)}</text>`;

/** A drawing of one panel, from what it shows and its size. */
export function plainDrawing(
  about: Pick<Drawing, "name" | "title" | "caption" | "alt">,
  inner: string,
  { width, height }: { readonly width: number; readonly height: number },
): Drawing {
  const svg = (style: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeXml(about.alt)}" ` +
    `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${style}${inner}</svg>`;
  const paper = `<rect width="${width}" height="${height}" fill="${PAGE.paper.light}"/>`;
  return {
    ...about,
    key: [],
    svg: svg(`<style>${darkDrawings()}</style>${paper}`) + "\n",
    panels: [svg("")],
  };
}
