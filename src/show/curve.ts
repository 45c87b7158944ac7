/**
 * Learning curves as SVG, for notebooks and files.
 *
 * @module
 */
import { showInNotebook } from "../platform/notebook.ts";
import { type Axis, integerAxis, linearAxis, logAxis } from "./axis.ts";
import { DISPLAY, INSPECT, NODE_INSPECT } from "./symbols.ts";

/** Lines by name, one number per step. */
export type Series = Readonly<Record<string, readonly number[]>>;

/** Options of {@linkcode curve}. */
export interface CurveOptions {
  /** What is counted from left to right; `step` if left out. */
  readonly x?: string;
  /** What the numbers are, such as `loss`; nothing if left out. */
  readonly y?: string;
  /** The count at the first number; 0 if left out. */
  readonly first?: number;
  /** Whether the numbers are drawn by their powers of ten; those that are not positive are left out. */
  readonly log?: boolean;
}

/** A line chart. A Jupyter notebook shows it where it is the value of a cell. */
export interface Curve {
  /** The chart, a complete SVG file. */
  readonly svg: string;
  /**
   * Shows it below the running cell of a notebook, wherever in the cell; elsewhere prints its numbers' ends.
   *
   * @param options With `replace` it takes the place of what the cell has shown before, so that a loop that
   * draws shows its last drawing.
   */
  show(options?: { readonly replace?: boolean }): Promise<void>;
}

const WIDTH = 560, HEIGHT = 300, COLORS = ["#2f6fdd", "#d9662b", "#2f9e6e", "#a14fc4"];
const LEFT = 72, RIGHT = WIDTH - 16, TOP = 32, BOTTOM = HEIGHT - 52;

/** The width of a letter, about, and the space of a name's mark. */
const LETTER = 7, MARK = 34;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A line: its name, and its points that can be drawn. */
interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const across = (part: number): string => (LEFT + (RIGHT - LEFT) * part).toFixed(1);
const up = (part: number): string => (BOTTOM - (BOTTOM - TOP) * part).toFixed(1);

function linesOf(series: Series, first: number, log: boolean): readonly Line[] {
  const isDrawn = (y: number) => Number.isFinite(y) && (!log || y > 0);
  return Object.entries(series).map(([name, values]) => ({
    name,
    points: [...values.entries()].filter(([, y]) => isDrawn(y)).map(([i, y]) => [first + i, y]),
  }));
}

/** The least and the greatest of numbers. */
function ends(values: readonly number[]): readonly [least: number, greatest: number] {
  let least = Infinity, greatest = -Infinity;
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return [least, greatest];
}

/** A horizontal rule and its number, for each tick of the upright axis. */
const rules = ({ ticks, at, write }: Axis): string =>
  ticks.map((tick) => {
    const y = up(at(tick));
    return `<path d="M${LEFT} ${y}H${RIGHT}" stroke="#8884"/>` +
      `<text x="${LEFT - 8}" y="${y}" dy="4" text-anchor="end">${write(tick)}</text>`;
  }).join("");

const counts = ({ ticks, at, write }: Axis): string =>
  ticks.map((tick) => {
    const x = across(at(tick));
    return `<path d="M${x} ${BOTTOM}v5" stroke="#888"/>` +
      `<text x="${x}" y="${BOTTOM + 20}" text-anchor="middle">${write(tick)}</text>`;
  }).join("");

/** The names of the axes. */
function names(x: string, y: string): string {
  const middle = (TOP + BOTTOM) / 2;
  const upright = `<text x="16" y="${middle}" transform="rotate(-90 16 ${middle})" ` +
    `text-anchor="middle">${escaped(y)}</text>`;
  return `<text x="${(LEFT + RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${
    escaped(x)
  }</text>${y ? upright : ""}`;
}

/** The names of the lines, from left to right above the chart. */
function legend(lines: readonly Line[]): string {
  let x = LEFT;
  return lines.map(({ name }, i) => {
    const color = COLORS[i % COLORS.length], at = x;
    x += LETTER * name.length + MARK;
    return `<path d="M${at} 14h14" stroke="${color}" stroke-width="3"/>` +
      `<text x="${at + 20}" y="18" style="fill:${color}">${escaped(name)}</text>`;
  }).join("");
}

/** The polyline of each line; a single point as a dot. */
const drawn = (lines: readonly Line[], horizontal: Axis, vertical: Axis): string =>
  lines.map(({ points }, i) => {
    const color = COLORS[i % COLORS.length];
    const path = points.map(([x, y]) => `${across(horizontal.at(x))},${up(vertical.at(y))}`);
    return `<polyline points="${path.join(" ")}" fill="none" stroke="${color}" ` +
      `stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>` +
      (path.length === 1
        ? `<circle cx="${across(horizontal.at(points[0]![0]))}" cy="${
          up(vertical.at(points[0]![1]))
        }" r="3" fill="${color}"/>`
        : "");
  }).join("");

/** The ends of the lines, as text. */
function described(lines: readonly Line[], { x = "step", y = "" }: CurveOptions): string {
  const digits = (value: number) => Number(value.toPrecision(4));
  const line = ({ name, points }: Line) => {
    const [from, to] = [points[0], points[points.length - 1]];
    return from && to
      ? `${name}: ${digits(from[1])} at ${x} ${from[0]}, ${digits(to[1])} at ${x} ${to[0]}`
      : `${name}: nothing to draw`;
  };
  return [...(y ? [`${y} by ${x}`] : []), ...lines.map(line)].join("\n");
}

/**
 * Draws numbers over their steps, such as the loss during training. Numbers that are not finite are left
 * out. Throws RangeError if none is finite.
 *
 * @example
 * ```ts
 * import { train } from "@goodinit/goodinit";
 *
 * const losses = { train: [2.3, 1.1, 0.6], test: [2.3, 1.3, 0.9] };
 * const drawing = train.curve(losses, { x: "epoch", y: "loss", first: 1 });
 * console.assert(drawing.svg.includes("<polyline") && drawing.svg.includes(">epoch</text>"));
 * ```
 */
export function curve(series: Series, options: CurveOptions = {}): Curve {
  const { x = "step", y = "", first = 0, log = false } = options;
  const lines = linesOf(series, first, log), all = lines.flatMap(({ points }) => points);
  if (all.length === 0) {
    throw new RangeError(
      `curve: expected a finite${log ? " positive" : ""} number, found none`,
    );
  }
  const [, last] = ends(all.map(([x]) => x)), [least, greatest] = ends(all.map(([, y]) => y));
  const horizontal = integerAxis(first, last);
  const vertical = (log ? logAxis : linearAxis)(least, greatest);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" ` +
    `width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12" fill="#888">` +
    rules(vertical) + counts(horizontal) + names(x, y) + legend(lines) +
    drawn(lines, horizontal, vertical) + "</svg>";
  const text = described(lines, options);
  const media = { "text/plain": text, "image/svg+xml": svg };
  const drawing = {
    svg,
    async show({ replace = false }: { readonly replace?: boolean } = {}) {
      if (!await showInNotebook(media, replace)) console.log(text);
    },
    [DISPLAY]: () => media,
    [INSPECT]: () => text,
    [NODE_INSPECT]: () => text,
  };
  return drawing;
}
