/**
 * The figure of what processes hold, a panel for each loop and for memory, threads and files.
 *
 * @module
 */
import { type Figure, linearAxis, type Panel } from "../../tasks/plots/mod.ts";
import { QUANTITIES, type Quantity, type Sample } from "./sample.ts";

/** A loop that was watched. */
export interface Watched {
  readonly name: string;
  readonly what: string;
  readonly samples: readonly Sample[];
}

/** The quantities of a panel and their unit. */
const PANELS: readonly (readonly [unit: string, quantities: readonly Quantity[]])[] = [
  ["MiB", ["resident", "heap", "external", "device"]],
  ["number", ["buffers", "threads", "files"]],
];

/** A panel of some quantities of a loop; undefined where none was measured. */
function panelOf(
  { name, what, samples }: Watched,
  unit: string,
  quantities: readonly Quantity[],
): Panel | undefined {
  const lines = quantities.map((quantity) => ({
    name: quantity,
    color: QUANTITIES.indexOf(quantity),
    points: samples.flatMap(({ done, [quantity]: y }) => y === undefined ? [] : [{ x: done, y }]),
  })).filter(({ points }) => points.length > 0);
  if (lines.length === 0) return undefined;
  const points = lines.flatMap(({ points }) => points);
  return {
    title: name,
    x: linearAxis(what, [0, ...points.map(({ x }) => x)], [0, Infinity]),
    y: linearAxis(unit, [0, ...points.map(({ y }) => y)], [0, Infinity]),
    lines,
  };
}

/** The figure of all loops. */
export const enduranceFigure = (all: readonly Watched[]): Figure => ({
  name: "endurance",
  title: "What processes hold over time",
  caption:
    "Memory, buffers on the device, threads and open files by rounds, without forced collections.",
  panels: all.flatMap((watched) =>
    PANELS.flatMap(([unit, quantities]) => panelOf(watched, unit, quantities) ?? [])
  ),
});
