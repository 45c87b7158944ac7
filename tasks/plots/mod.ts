/**
 * Figures: what programs outside `tasks` use of them.
 *
 * @module
 */
export { linearAxis } from "./axis.ts";
export type { Figure, Line, Panel } from "./panel.ts";
export { drawFigure } from "./svg.ts";
export { loadVega, NoFiguresError } from "./vega.ts";
