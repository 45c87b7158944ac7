/**
 * Figures under a heading.
 *
 * @module
 */
import type { Drawing } from "../../plots/svg.ts";
import { type Block, heading, paragraph } from "../document.ts";

/** Figures under a heading; a sentence where there are none. */
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
