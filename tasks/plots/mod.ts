/**
 * Figures: what programs outside `tasks` use of them.
 *
 * @module
 */
export { linearAxis, logAxis } from "./axis.ts";
export { darkDrawings, FONT, PAGE, SERIES } from "./palette.ts";
export type { Axis, Figure, Line, Panel } from "./panel.ts";
export { drawFigure, escapeXml } from "./svg.ts";
export { tickLabels } from "./ticks.ts";
export { loadVega, NoFiguresError } from "./vega.ts";
