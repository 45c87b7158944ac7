/**
 * The text of a panel as Vega-Lite layers: its title, and the lines' names at their ends, moved apart where
 * they would overlap.
 *
 * @module
 */
import { position } from "./clip.ts";
import { labelText, type Layout, TEXT } from "./layout.ts";
import { FONT, PAGE } from "./palette.ts";
import type { Axis, Panel } from "./panel.ts";
import { seriesColor } from "./panel_marks.ts";
import { spread } from "./spread.ts";
import type { Spec } from "./vega.ts";

const textLayer = (value: string, x: number, y: number, look: Spec): Spec => ({
  data: { values: [{}] },
  mark: { type: "text", align: "left", font: FONT, fontSize: TEXT.size, ...look },
  encoding: { x: { value: x }, y: { value: y }, text: { value } },
});

/** The title, above the axes. */
export const titleLayer = (title: string, { left, top }: Layout): Spec =>
  textLayer(title, -left, 4 - top, {
    baseline: "top",
    color: PAGE.ink.light,
    fontWeight: 600,
    fontSize: TEXT.size + 1,
  });

/** How far down a value is, in pixels; at the edge where it is beyond the axis. */
function pixelsDown(axis: Axis, value: number, height: number): number {
  return height * (1 - Math.max(0, Math.min(1, position(axis, value))));
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** The rank of each number, by size and then by index. */
const rank = (numbers: readonly number[]): readonly number[] =>
  numbers.map((number, i) =>
    numbers.filter((other, j) => other < number || (other === number && j < i)).length
  );

/**
 * The vertical positions of the lines' names, in pixels: at the lines' ends, or, where they end close together
 * without labeled values, around there in the order of the lines' means.
 */
function labelPlaces({ lines, y }: Panel, height: number): readonly number[] {
  const depths = lines.map(({ points }) => points.map((p) => pixelsDown(y, p.y, height)));
  const ends = depths.map((line) => line[line.length - 1]!);
  const apart = Math.max(...ends) - Math.min(...ends), needed = TEXT.gap * (lines.length - 1) / 2;
  const valued = lines.some(({ end }) => end !== undefined);
  if (valued || apart > needed) return spread(ends, TEXT.gap, height);
  const top = mean(ends) - needed;
  const ordered = rank(depths.map(mean)).map((place) => top + TEXT.gap * place);
  return spread(ordered, TEXT.gap, height);
}

/** The lines' names beside their ends. */
export function labelLayers(panel: Panel, { width, height }: Layout): Spec[] {
  const places = labelPlaces(panel, height);
  return panel.lines.map((line, i) =>
    textLayer(labelText(line), width + 8, places[i]!, {
      baseline: "middle",
      color: seriesColor(line).text.light,
      fontWeight: 600,
    })
  );
}
