/**
 * The scales of the picture: layers across, variances up.
 *
 * @module
 */
import { logTicks } from "../../tasks/plots/ticks.ts";

/** The margins around the area of the picture, and its height. */
export const BOX = { left: 46, right: 10, top: 24, bottom: 26, height: 300 } as const;

/** The least and the greatest variance that f32 has. */
const LEAST = 1e-38, MOST = 1e38;

/** A variance that a logarithmic scale can show: 0 and infinity are at its ends. */
export const shown = (variance: number): number =>
  Number.isNaN(variance) ? MOST : Math.min(Math.max(variance, LEAST), MOST);

/** The scales of a picture. */
export interface Scales {
  /** The center of a layer, from 0. */
  readonly x: (layer: number) => number;
  /** The width of a layer. */
  readonly step: number;
  readonly y: (variance: number) => number;
  readonly ticks: readonly number[];
}

/** The scales for layers of these variances, at a width in pixels. */
export function createScales(variances: readonly number[], layers: number, width: number): Scales {
  const all = [0.2, 5, ...variances.map(shown)];
  const low = Math.log(Math.min(...all)), high = Math.log(Math.max(...all));
  const room = 0.05 * (high - low), [bottom, top] = [low - room, high + room];
  const step = (width - BOX.left - BOX.right) / layers, area = BOX.height - BOX.top - BOX.bottom;
  return {
    step,
    x: (layer) => BOX.left + (layer + 0.5) * step,
    y: (variance) => BOX.top + area * (top - Math.log(shown(variance))) / (top - bottom),
    ticks: logTicks(Math.exp(bottom), Math.exp(top)),
  };
}
