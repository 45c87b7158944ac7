/**
 * Time and memory by batch and by depth, as a figure.
 *
 * @module
 */
import { type Figure, type Line, linearAxis, type Panel } from "../../tasks/plots/mod.ts";
import type { Point } from "./points.ts";

/** What grows. */
export type Growing = "batch" | "depth";

/** The points of a device along one axis, as measured. */
export type Series = Readonly<Record<Growing, readonly Point[]>>;

/** The quantities that are drawn and fitted. */
export const QUANTITIES = {
  seconds: ({ ms }: Point) => ms / 1000,
  deviceMiB: ({ bytes }: Point) => bytes / 2 ** 20,
  processMiB: ({ peakMiB }: Point) => peakMiB,
} as const;

const AXES: Readonly<Record<Growing, string>> = {
  batch: "images per batch, 10 layers",
  depth: "layers, 32 images a batch",
};

const lineOf = (
  name: string,
  look: Pick<Line, "color" | "dashed" | "open">,
  points: readonly Point[],
  along: Growing,
  of: (point: Point) => number | undefined,
): Line => ({
  name,
  ...look,
  points: points.flatMap((point) => {
    const y = of(point);
    return y === undefined ? [] : [{ x: point[along], y }];
  }),
});

function panelOf(title: string, along: Growing, lines: readonly Line[], unit: string): Panel {
  const points = lines.flatMap(({ points }) => points);
  return {
    title,
    x: linearAxis(AXES[along], [0, ...points.map(({ x }) => x)], [0, Infinity]),
    y: linearAxis(unit, [0, ...points.map(({ y }) => y)], [0, Infinity]),
    lines,
  };
}

/** The figure of some devices' series. */
export function linearityFigure(name: string, all: Readonly<Record<string, Series>>): Figure {
  const devices = Object.keys(all);
  const panels = (["batch", "depth"] as const).flatMap((along) => {
    const times = devices.map((device, color) =>
      lineOf(device, { color }, all[device]![along], along, QUANTITIES.seconds)
    );
    const memory = devices.flatMap((device, color) => [
      lineOf(device, { color }, all[device]![along], along, QUANTITIES.deviceMiB),
      lineOf(
        `${device}, process`,
        { color, dashed: true, open: true },
        all[device]![along],
        along,
        QUANTITIES.processMiB,
      ),
    ]);
    return [
      panelOf(`Time by ${along}`, along, times, "seconds per step"),
      panelOf(`Memory by ${along}`, along, memory, "MiB"),
    ];
  });
  return {
    name,
    title: "Time and memory of a training step by batch and by depth",
    caption:
      "A training step of a net of 3×3 convolutions of 16 channels with maxout on images of " +
      "32×32 pixels. Filled marks: memory allocated on the device; open marks: peak memory of the process.",
    panels,
  };
}
