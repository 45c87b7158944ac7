/**
 * A panel as a Vega-Lite specification.
 *
 * @module
 */
import { FONT, PAGE, SERIES } from "./palette.ts";
import type { Axis, Line, Panel } from "./panel.ts";
import { spread } from "./spread.ts";
import { tickLabels } from "./ticks.ts";
import type { Spec } from "./vega.ts";

/** The area between the axes, and the margins around it, in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const FONT_SIZE = 11, LETTER = 6.4, GAP = FONT_SIZE + 3;
const SIZE = { width: 250, height: 170, left: 40, bottom: 38 } as const;

/** A line's name, with its last value where that is said. */
const labelOf = ({ name, end }: Line): string => end === undefined ? name : `${name} ${end}`;

/** The layout that all panels of a figure have, with room for the names. */
export function layoutOf(panels: readonly Panel[]): Layout {
  const longest = Math.max(
    ...panels.flatMap(({ lines }) => lines.map((line) => labelOf(line).length)),
    0,
  );
  const top = panels.some(({ title }) => title !== undefined) ? 46 : 26;
  const most = Math.max(...panels.map(({ lines }) => lines.length), 0);
  const height = Math.max(SIZE.height, GAP * (most + 1));
  return { ...SIZE, height, top, right: Math.ceil(longest * LETTER) + 14 };
}

/** Where no line has more points than this, there is a mark at each. */
const MARKED = 20;

/** What stands at a line's points, for those who do not see its colour, and where colours repeat. */
const SHAPES = ["circle", "square", "triangle-up", "diamond", "triangle-down", "cross"] as const;

const colourOf = ({ colour }: Line) => SERIES[colour % SERIES.length];
const dashOf = ({ dashed }: Line) => dashed ? [5, 3] : [1, 0];

const scaleOf = ({ log, domain }: Axis): Spec => ({
  type: log ? "log" : "linear",
  domain,
  nice: false,
  ...(log ? {} : { zero: false }),
});

/** How far down a value is, in pixels. */
function heightOf({ log, domain: [low, high] }: Axis, value: number, height: number): number {
  const at = log ? Math.log : (v: number) => v;
  return height * (1 - (at(value) - at(low)) / (at(high) - at(low)));
}

const labelled = ({ ticks }: Axis): Spec => ({
  values: ticks,
  labelExpr: `${JSON.stringify(tickLabels(ticks))}[indexof(${JSON.stringify(ticks)}, datum.value)]`,
});

const axes = ({ x, y }: Panel) => ({
  x: {
    field: "x",
    type: "quantitative",
    scale: scaleOf(x),
    axis: {
      ...labelled(x),
      title: x.title,
      grid: false,
      titlePadding: 6,
      domainColor: PAGE.muted.light,
      tickColor: PAGE.muted.light,
      tickSize: 4,
      labelFlush: false,
    },
  },
  y: {
    field: "y",
    type: "quantitative",
    scale: scaleOf(y),
    axis: {
      ...labelled(y),
      title: y.title,
      titleAngle: 0,
      titleAlign: "left",
      titleBaseline: "bottom",
      titleX: -SIZE.left,
      titleY: -9,
      domain: false,
      ticks: false,
      grid: true,
      gridColor: PAGE.rule.light,
      labelPadding: 6,
    },
  },
});

const text = (value: string, x: number, y: number, mark: Spec): Spec => ({
  data: { values: [{}] },
  mark: { type: "text", align: "left", font: FONT, fontSize: FONT_SIZE, ...mark },
  encoding: { x: { value: x }, y: { value: y }, text: { value } },
});

function behind({ events = [], target }: Panel, { x: atX, y: atY }: ReturnType<typeof axes>) {
  const shade = target?.within && {
    data: { values: [{ y: target.within[0], top: target.within[1] }] },
    mark: { type: "rect", color: PAGE.shade.light },
    encoding: { x: { value: 0 }, x2: { value: SIZE.width }, y: atY, y2: { field: "top" } },
  };
  const line = target && {
    data: { values: [{ y: target.value }] },
    mark: { type: "rule", color: PAGE.muted.light, strokeWidth: 1 },
    encoding: { y: atY },
  };
  const moments = {
    data: { values: events.map((x) => ({ x })) },
    mark: { type: "rule", color: PAGE.muted.light, strokeWidth: 0.75, strokeDash: [2, 3] },
    encoding: { x: atX },
  };
  return [
    ...[shade, line].filter((layer) => layer !== undefined),
    ...(events.length > 0 ? [moments] : []),
  ];
}

function drawn(line: Line, { x, y }: ReturnType<typeof axes>, marked: boolean): Spec[] {
  const { mark: { light } } = colourOf(line)!, values = line.points;
  const banded = values.filter(({ low, high }) => low !== undefined && high !== undefined);
  const round = Math.floor(line.colour / SERIES.length);
  const shape = SHAPES[(line.colour + round) % SHAPES.length];
  const dot = {
    type: "point",
    shape,
    filled: !line.open,
    stroke: light,
    strokeWidth: 1.5,
    opacity: 1,
  };
  const fill = line.open ? PAGE.paper.light : light;
  return [
    ...(banded.length > 1
      ? [{
        data: { values: banded },
        mark: { type: "area", color: light, opacity: 0.2, line: false },
        encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } },
      }]
      : []),
    ...(line.dots
      ? [{
        data: { values: line.dots },
        mark: { type: "point", filled: true, size: 9, color: light, opacity: 0.55 },
        encoding: { x, y },
      }]
      : []),
    {
      data: { values },
      mark: { type: "line", color: light, strokeWidth: 1.75, strokeDash: dashOf(line) },
      encoding: { x, y },
    },
    ...(marked || values.length === 1
      ? [{ data: { values }, mark: { ...dot, fill, size: 20 }, encoding: { x, y } }]
      : []),
  ];
}

/**
 * Where the lines' names go, in pixels: where the lines end, or, where they end together and no
 * values are said, around there in the order in which they mostly lie.
 */
function namePlaces({ lines, y }: Panel, height: number): readonly number[] {
  const heights = lines.map(({ points }) => points.map((p) => heightOf(y, p.y, height)));
  const ends = heights.map((line) => line[line.length - 1]!);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const apart = Math.max(...ends) - Math.min(...ends);
  const said = lines.some(({ end }) => end !== undefined);
  if (said || apart > GAP * (lines.length - 1) / 2) return spread(ends, GAP, height);
  const middles = heights.map(mean), top = mean(ends) - GAP * (lines.length - 1) / 2;
  const ranks = middles.map((middle, i) =>
    middles.filter((other, j) => other < middle || (other === middle && j < i)).length
  );
  return spread(ranks.map((rank) => top + GAP * rank), GAP, height);
}

/** The lines' names where they end, moved apart where they would overlap. */
function names(panel: Panel, height: number): Spec[] {
  const places = namePlaces(panel, height);
  return panel.lines.map((line, i) =>
    text(labelOf(line), SIZE.width + 8, places[i]!, {
      baseline: "middle",
      color: colourOf(line)!.text.light,
      fontWeight: 600,
    })
  );
}

/** The specification of a panel. Lines without points are left out. */
export function specOf(whole: Panel, layout: Layout): Spec {
  const panel = { ...whole, lines: whole.lines.filter(({ points }) => points.length > 0) };
  const at = axes(panel), marked = panel.lines.every(({ points }) => points.length <= MARKED);
  const { width, height, left, top, right, bottom } = layout;
  return {
    width,
    height,
    padding: { left, top, right, bottom },
    autosize: { type: "none" },
    background: null,
    layer: [
      ...behind(panel, at),
      ...panel.lines.toReversed().flatMap((line) => drawn(line, at, marked)),
      ...names(panel, height),
      ...(panel.title
        ? [text(panel.title, -left, 4 - top, {
          baseline: "top",
          color: PAGE.ink.light,
          fontWeight: 600,
          fontSize: FONT_SIZE + 1,
        })]
        : []),
    ],
    config: {
      aria: false,
      font: FONT,
      view: { stroke: null },
      axis: {
        labelColor: PAGE.muted.light,
        titleColor: PAGE.muted.light,
        labelFontSize: FONT_SIZE,
        titleFontSize: FONT_SIZE,
        titleFontWeight: "normal",
        labelOverlap: false,
      },
    },
  };
}
