/**
 * The picture of the sweep: all ratios sorted, and below them each op's, the slowest first.
 *
 * @module
 */
import {
  type Axis,
  darkDrawings,
  escapeXml,
  FONT,
  logAxis,
  PAGE,
  SERIES,
  tickLabels,
} from "../../tasks/plots/mod.ts";
import { mark, type Place } from "./mark.ts";
import { OF_PYTORCH, type Row } from "./row.ts";
import { FORWARD, INPUT_GRADIENT, TRAINING, UPDATE, WEIGHT_GRADIENT } from "./work.ts";

/** Directions in the order of their colors and shapes. */
const DIRECTIONS = [FORWARD, INPUT_GRADIENT, WEIGHT_GRADIENT, TRAINING, UPDATE];

/** Pixels: the area of ratios, the names left of it, a line of text, the height of the curve. */
const WIDTH = 520, LEFT = 230, RIGHT = 24, LINE = 13, CURVE = 220, TOP = 74, GAP = 56;

const MUTED = `fill="${PAGE.muted.light}"`, STRONG = `fill="${PAGE.ink.light}" font-weight="600"`;

const text = (x: number, y: number, content: string, look = "", fill = MUTED): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${fill} ${look}>${escapeXml(content)}</text>`;

const rule = (x1: number, y1: number, x2: number, y2: number, look: string): string =>
  `<path d="M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}" ${look}/>`;

const FAINT = `stroke="${PAGE.shade.light}"`,
  GRID = `stroke="${PAGE.rule.light}"`,
  EQUAL = `stroke="${PAGE.muted.light}"`,
  BAR = `stroke="${PAGE.muted.light}" stroke-dasharray="2 3"`;

/** A position on a logarithmic axis, from 0 to 1. */
function along({ domain: [low, high] }: Axis, value: number): number {
  return Math.log(value / low) / Math.log(high / low);
}

const lookOf = ({ direction, bar }: Row, size: number): Omit<Place, "x" | "y"> => {
  const shape = Math.max(0, DIRECTIONS.indexOf(direction));
  return { shape, size, color: SERIES[shape]!.mark.light, open: bar === "peak" || bar === "copy" };
};

/** All ratios, sorted, with a logarithmic axis on the left. */
function curve(rows: readonly Row[], axis: Axis): string {
  const sorted = rows.toSorted((a, b) => a.ratio - b.ratio);
  const y = (ratio: number) => TOP + CURVE * (1 - along(axis, ratio));
  const x = (rank: number) => LEFT + WIDTH * (rank + 0.5) / sorted.length;
  const labels = tickLabels(axis.ticks);
  const level = (ratio: number, look: string) => rule(LEFT, y(ratio), LEFT + WIDTH, y(ratio), look);
  return [
    ...axis.ticks.map((tick, i) =>
      level(tick, GRID) + text(LEFT - 8, y(tick) + 4, labels[i]!, `text-anchor="end"`)
    ),
    level(1, EQUAL),
    level(OF_PYTORCH, BAR),
    ...sorted.map((row, i) => mark({ x: x(i), y: y(row.ratio), ...lookOf(row, 2.5) })),
  ].join("");
}

/** The rows of each op, that with the smallest ratio first. */
function byOp(rows: readonly Row[]): readonly (readonly [string, readonly Row[]])[] {
  const least = (of: readonly Row[]) => Math.min(...of.map(({ ratio }) => ratio));
  return [...Map.groupBy(rows, ({ name }) => name)].sort(([, a], [, b]) => least(a) - least(b));
}

/** A line for each op, with the same axis from left to right; names of ops that fall short are dark. */
function list(ops: ReturnType<typeof byOp>, axis: Axis, top: number): string {
  const bottom = top + LINE * ops.length, x = (ratio: number) => LEFT + WIDTH * along(axis, ratio);
  const labels = tickLabels(axis.ticks);
  const upright = (ratio: number, look: string) => rule(x(ratio), top, x(ratio), bottom, look);
  const ticks = axis.ticks.map((tick, i) =>
    upright(tick, GRID) +
    [top - 6, bottom + 14].map((y) => text(x(tick), y, labels[i]!, `text-anchor="middle"`)).join("")
  );
  const lines = ops.map(([name, rows], i) => {
    const y = top + LINE * (i + 0.5), short = rows.some(({ bar }) => bar === "short");
    const marks = rows.map((row) => mark({ x: x(row.ratio), y, ...lookOf(row, 3.5) }));
    const label = text(LEFT - 8, y + 4, name, `text-anchor="end"`, short ? STRONG : MUTED);
    return label + rule(LEFT, y, LEFT + WIDTH, y, FAINT) + marks.join("");
  });
  return [...ticks, upright(1, EQUAL), upright(OF_PYTORCH, BAR), ...lines].join("");
}

/** The marks and their meaning, in a line. */
function legend(rows: readonly Row[], y: number): string {
  const used = DIRECTIONS.filter((each) => rows.some(({ direction }) => direction === each));
  let x = LEFT;
  return used.map((direction) => {
    const look = lookOf({ direction, bar: "PyTorch" } as Row, 3.5), at = x;
    x += 24 + 6.4 * direction.length;
    return mark({ x: at + 4, y, ...look }) + text(at + 13, y + 4, direction);
  }).join("");
}

/** The picture as an SVG file, dark on a dark screen. */
export function ratioFigure(
  rows: readonly Row[],
  { title, caption }: Record<"title" | "caption", string>,
): string {
  const axis = logAxis("ratio", rows.map(({ ratio }) => ratio)), ops = byOp(rows);
  const top = TOP + CURVE + GAP,
    width = LEFT + WIDTH + RIGHT,
    height = top + LINE * ops.length + 28;
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" ` +
    `aria-describedby="description" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="${FONT}" font-size="11"><title id="title">${escapeXml(title)}</title>` +
    `<desc id="description">${escapeXml(caption)}</desc><style>${darkDrawings()}</style>` +
    `<rect width="${width}" height="${height}" fill="${PAGE.paper.light}"/>` +
    text(12, 20, title, `font-size="13"`, STRONG) + text(12, 36, caption) + legend(rows, 56) +
    `${curve(rows, axis)}${list(ops, axis, top)}</svg>\n`;
}
