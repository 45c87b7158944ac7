/**
 * The efficiency by number of processes, as a figure.
 *
 * @module
 */
import { type Figure, linearAxis, logAxis, type Panel } from "../../tasks/plots/mod.ts";
import { efficiencyOn } from "./measure.ts";
import { NETWORKS } from "./network.ts";
import type { NetResult, ScaleResult } from "./result.ts";
import { COUNTS } from "./tables.ts";

const ALL = [1, ...COUNTS];

function panelOf(net: NetResult, kind: "strong" | "weak"): Panel {
  const counts = ALL.filter((n) => kind === "weak" || n <= net.batch);
  return {
    title: `${net.name}, ${kind === "strong" ? "one batch for all" : "a batch for each"}`,
    x: { ...logAxis("processes", ALL), ticks: ALL },
    y: { ...linearAxis("efficiency, %", [0, 100], [0, Infinity]), ticks: [0, 25, 50, 75, 100] },
    lines: NETWORKS.map((network, color) => ({
      name: network.name,
      color,
      points: counts.map((n) => ({ x: n, y: 100 * efficiencyOn(net, n, network)[kind] })),
    })),
  };
}

/** The figure of a result. */
export const scaleFigure = ({ nets }: ScaleResult): Figure => ({
  name: "scale",
  title: "What processes gain on networks",
  caption: "Efficiency of data-parallel training by number of processes, computed from one " +
    "process's measured steps.",
  panels: nets.flatMap((net) => [panelOf(net, "strong"), panelOf(net, "weak")]),
});
