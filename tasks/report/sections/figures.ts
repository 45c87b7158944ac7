/**
 * The sections of figures.
 *
 * @module
 */
import type { Drawing } from "../../plots/svg.ts";
import { type Block, heading, paragraph } from "../document.ts";

/** A section of figures; a sentence where there are none. */
export const figureSection = (
  title: string,
  drawings: readonly Drawing[],
  otherwise: string,
  from: number,
): readonly Block[] => [
  heading(title),
  ...(drawings.length > 0
    ? drawings.map((drawing, i): Block => ({ kind: "figure", number: from + i, drawing }))
    : [paragraph(otherwise)]),
];
