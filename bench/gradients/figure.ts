/**
 * The figure of first gradients by layer.
 *
 * @module
 */
import { type Figure, linearAxis, logAxis, type Panel } from "../../tasks/plots/mod.ts";
import { ACTIVATIONS, type FirstGradient, STARTS } from "./norms.ts";

/** Norms by layer, a panel for each activation and a line for each start. A norm that is 0 or not finite has no point. */
export function gradientFigure(found: readonly FirstGradient[], caption: string): Figure {
  const layers = Math.max(1, ...found.map(({ norms }) => norms.length));
  const drawn = (value: number) => Number.isFinite(value) && value > 0;
  const panels = Object.keys(ACTIVATIONS).flatMap((activation): Panel[] => {
    const nets = found.filter((net) => net.activation === activation);
    const lines = Object.keys(STARTS).flatMap((name, color) => {
      const points = nets.find(({ start }) => start === name)?.norms
        .map((y, i) => ({ x: i + 1, y })).filter(({ y }) => drawn(y)) ?? [];
      return points.length > 0 ? [{ name, color, points }] : [];
    });
    if (lines.length === 0) return [];
    return [{
      title: activation,
      x: linearAxis("layer, from input to output", [1, layers], [1, layers]),
      y: logAxis("norm of the gradient", lines.flatMap(({ points }) => points.map(({ y }) => y))),
      lines,
    }];
  });
  return { name: "gradients", title: "The first gradient by layer", caption, panels };
}
