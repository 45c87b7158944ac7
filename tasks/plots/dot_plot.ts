/**
 * A dot plot: a line for each name, with the mean of its numbers, their spread, and a number to compare it with.
 *
 * @module
 */
import type { Axis } from "./panel.ts";
import { MARGIN, TEXT } from "./layout.ts";
import { PAGE, SERIES } from "./palette.ts";
import { plainDrawing, plainText as text } from "./plain_drawing.ts";
import type { Summary } from "./statistics.ts";
import type { Drawing } from "./svg.ts";
import { tickLabels } from "./ticks.ts";

/** A line of the plot. */
export interface DotRow {
  readonly name: string;
  /** The numbers, each drawn as a small dot. */
  readonly values: readonly number[];
  readonly summary?: Summary | undefined;
  /** What is said where there is no number, such as `n/c`. */
  readonly word?: string | undefined;
  /** What the mean is compared with, an open circle. */
  readonly other?: number | undefined;
}

/** A dot plot. */
export interface DotPlot {
  /** The file's name, without its ending. */
  readonly name: string;
  readonly title: string;
  readonly axis: Axis;
  readonly rows: readonly DotRow[];
  /** What the open circles are, such as `the paper's`. */
  readonly other?: string | undefined;
  /** A value that is marked by a line, such as that of no difference. */
  readonly mark?: number | undefined;
}

/** The height of a line, the width between the axes, and the sizes of marks. */
const SIZE = { line: 20, width: 240, dot: 4, small: 1.8, ring: 4 } as const;

const INK = SERIES[0]!.mark.light, OTHER = SERIES[1]!.mark.light;

/** Where things are. */
interface Place {
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
  readonly at: (value: number) => number;
}

function measure({ rows, axis: { domain: [low, high] } }: DotPlot) {
  const longest = Math.max(...rows.map(({ name }) => name.length), 0);
  const left = MARGIN + Math.ceil(longest * TEXT.letter) + 8, top = MARGIN + TEXT.gap + 4;
  const bottom = top + rows.length * SIZE.line;
  const at = (value: number) => left + (value - low) / (high - low) * SIZE.width;
  return {
    place: { left, top, bottom, at },
    width: left + SIZE.width + 3 * MARGIN,
    height: bottom + 3 * TEXT.gap + MARGIN,
  };
}

const line = (x1: number, y1: number, x2: number, y2: number, stroke: string, more = "") =>
  `<line x1="${x1.toFixed(1)}" y1="${y1}" x2="${
    x2.toFixed(1)
  }" y2="${y2}" stroke="${stroke}"${more}/>`;

/** The widest word in pixels. */
const WORD = 30;

/** Where a word begins: at the left, or behind a ring that would be in its way. */
const wordPlace = (left: number, ring: number | undefined): number =>
  ring !== undefined && ring < left + WORD ? Math.ceil(ring) + 2 * SIZE.ring : left + 6;

/** The marks of a line, at a height. */
function marks({ values, summary, word, other }: DotRow, y: number, { left, at }: Place): string {
  const circle = (x: number, r: number, style: string) =>
    `<circle cx="${x.toFixed(1)}" cy="${y}" r="${r}" ${style}/>`;
  const { mean, deviation = 0 } = summary ?? {};
  return [
    ...(other === undefined ? [] : [
      circle(at(other), SIZE.ring, `fill="none" stroke="${OTHER}" stroke-width="1.5"`),
    ]),
    ...(deviation > 0
      ? [line(at(mean! - deviation), y, at(mean! + deviation), y, INK, ` stroke-width="1.5"`)]
      : []),
    ...(values.length > 1
      ? values.map((value) => circle(at(value), SIZE.small, `fill="${INK}"`))
      : []),
    ...(mean === undefined ? [] : [circle(at(mean), SIZE.dot, `fill="${INK}"`)]),
    ...(word ? [text(word, `x="${wordPlace(left, other && at(other))}" y="${y + 4}"`)] : []),
  ].join("");
}

/** The lines' names, and thin lines at the ticks. */
function frame({ rows, axis, mark }: DotPlot, { left, top, bottom, at }: Place): string {
  const labels = tickLabels(axis.ticks);
  return [
    ...axis.ticks.map((tick) => line(at(tick), top, at(tick), bottom, PAGE.rule.light)),
    ...(mark === undefined ? [] : [line(at(mark), top, at(mark), bottom, PAGE.muted.light)]),
    ...labels.map((label, i) =>
      text(
        label,
        `x="${at(axis.ticks[i]!).toFixed(1)}" y="${bottom + TEXT.gap}" text-anchor="middle"`,
      )
    ),
    ...rows.map(({ name }, i) =>
      text(
        name,
        `x="${left - 8}" y="${top + (i + 0.5) * SIZE.line + 4}" text-anchor="end"`,
        PAGE.ink.light,
      )
    ),
  ].join("");
}

/** What the marks mean, below the axis. */
function keyText({ rows, other }: DotPlot): string {
  const several = rows.some(({ values }) => values.length > 1);
  const filled = several ? "● mean ± sd over seeds" : "● one seed";
  return other ? `${filled}   ○ ${other}` : several ? filled : "";
}

const altText = ({ title, rows, other }: DotPlot): string =>
  `${title}. ` + rows.map(({ name, summary, word, other: theirs }) => {
    const found = summary ? String(Number(summary.mean.toPrecision(4))) : word ?? "unknown";
    return `${name}: ${found}${theirs === undefined ? "" : `, ${other} ${theirs}`}.`;
  }).join(" ");

/** Draws a dot plot. */
export function drawDotPlot(plot: DotPlot): Drawing {
  const { place, width, height } = measure(plot), { name, title, axis } = plot;
  const key = keyText(plot);
  const inner = frame(plot, place) +
    plot.rows.map((row, i) => marks(row, place.top + (i + 0.5) * SIZE.line, place)).join("") +
    text(title, `x="${MARGIN}" y="${MARGIN + 6}" font-weight="600"`, PAGE.ink.light) +
    text(axis.title, `x="${place.left}" y="${place.bottom + 2 * TEXT.gap}"`) +
    (key ? text(key, `x="${place.left}" y="${place.bottom + 3 * TEXT.gap}"`) : "");
  return plainDrawing({ name, title, caption: `${title}.`, alt: altText(plot) }, inner, {
    width,
    height,
  });
}
