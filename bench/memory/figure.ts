/**
 * The figure of the memory of training loops.
 *
 * @module
 */
import { type Figure, linearAxis, type Panel } from "../../tasks/plots/mod.ts";
import { type Loop, type LoopResult, LOOPS, type Point, type Size } from "./loops.ts";

/** Results by device and loop. */
export type LoopResults = Readonly<Record<string, Readonly<Record<Loop, LoopResult>>>>;

/** Memory by step, a panel for each device and for what is allocated or held. */
export function memoryFigure(all: LoopResults, { steps, units, batch }: Size): Figure {
  const panels = Object.entries(all).flatMap(([device, loops]) =>
    (["device", "process"] as const).map((of): Panel => {
      const lines = LOOPS.map((name, color) => ({
        name,
        color,
        points: loops[name].points.map((point: Point) => ({ x: point.step, y: point[of] })),
      }));
      const points = lines.flatMap(({ points }) => points);
      return {
        title: of === "device" ? `${device}: allocated` : `${device}: the process`,
        x: linearAxis("steps", [0, ...points.map(({ x }) => x)], [0, Infinity]),
        y: linearAxis("MiB", [0, ...points.map(({ y }) => y)], [0, Infinity]),
        lines,
      };
    })
  );
  return {
    name: "memory",
    title: "Memory of ordinary training loops",
    caption: `${steps} steps of a net of ${units} hidden units, batches of ${batch}.`,
    panels,
  };
}
