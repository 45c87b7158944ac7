/**
 * Learning curves as SVG, for notebooks and files.
 *
 * @module
 */
import { DISPLAY } from "./symbols.ts";
import type { Tuple } from "../tuple.ts";

/** Lines by name, one number per step. */
export type Series = Readonly<Record<string, readonly number[]>>;

/** A line chart, which a Jupyter notebook shows. */
export interface Curve {
  /** The chart, a complete SVG file. */
  readonly svg: string;
}

const WIDTH = 560, HEIGHT = 280, COLORS = ["#2f6fdd", "#d9662b", "#2f9e6e", "#a14fc4"];
const LEFT = 56, RIGHT = WIDTH - 12, TOP = 28, BOTTOM = HEIGHT - 28;

/** The number of ticks of a scale, about. */
const TICKS = 5;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Evenly spaced round numbers that cover a range. */
function ticks(low: number, high: number): readonly number[] {
  const rough = ((high - low) || Math.abs(high) || 1) / TICKS;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * [1, 2, 5, 10].find((n) => n * unit >= rough)!;
  const first = Math.floor(low / step), last = Math.max(first + 1, Math.ceil(high / step));
  const at = (i: number) => Number(((first + i) * step).toPrecision(9));
  return Array.from({ length: last - first + 1 }, (_, i) => at(i));
}

/**
 * Draws numbers over their steps, such as the loss during training. Numbers that are not finite are left
 * out. Throws RangeError if none is finite.
 *
 * @example
 * ```ts
 * import { train } from "@goodinit/goodinit";
 *
 * const drawing = train.curve({ train: [2.3, 1.1, 0.6], test: [2.3, 1.3, 0.9] });
 * console.assert(drawing.svg.includes("<polyline"));
 * ```
 */
export function curve(series: Series): Curve {
  const lines = Object.entries(series).map(([name, values]) => ({
    name,
    points: [...values.entries()].filter(([, y]) => Number.isFinite(y)),
  }));
  const all = lines.flatMap(({ points }) => points);
  if (all.length === 0) throw new RangeError("curve: expected a finite number, found none");
  const heights = all.map(([, y]) => y), most = (a: number, b: number) => Math.max(a, b);
  const scale = ticks(heights.reduce((a, b) => Math.min(a, b)), heights.reduce(most));
  const [low, high] = [scale[0], scale[scale.length - 1]] as Tuple<number, 2>;
  const last = all.map(([x]) => x).reduce(most, 1);
  const across = (x: number) => (LEFT + (RIGHT - LEFT) * x / last).toFixed(1);
  const up = (y: number) => (BOTTOM - (BOTTOM - TOP) * (y - low) / (high - low)).toFixed(1);
  const rules = scale.map((y) =>
    `<path d="M${LEFT} ${up(y)}H${RIGHT}" stroke="#8884"/>` +
    `<text x="${LEFT - 6}" y="${up(y)}" dy="4" text-anchor="end">${y}</text>`
  );
  const steps = [0, last].map((x) =>
    `<text x="${across(x)}" y="${HEIGHT - 8}" text-anchor="${x ? "end" : "start"}">${x}</text>`
  );
  const drawn = lines.map(({ name, points }, i) => {
    const color = COLORS[i % COLORS.length];
    const path = points.map(([x, y]) => `${across(x)},${up(y)}`).join(" ");
    return `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>` +
      `<text x="${LEFT + 120 * i}" y="16" style="fill:${color}">${escaped(name)}</text>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" ` +
    `width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12" fill="#888">` +
    [...rules, ...steps, ...drawn].join("") + "</svg>";
  const names = lines.map(({ name }) => name).join(", ");
  const drawing = { svg, [DISPLAY]: () => ({ "text/plain": names, "image/svg+xml": svg }) };
  return drawing;
}
