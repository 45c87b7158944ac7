/**
 * A panel as a Vega-Lite specification.
 *
 * @module
 */
import { type Layout, TEXT } from "./layout.ts";
import { FONT, PAGE } from "./palette.ts";
import type { Panel } from "./panel.ts";
import { axisEncodings } from "./panel_axes.ts";
import { labelLayers, titleLayer } from "./panel_labels.ts";
import { backgroundLayers, lineLayers } from "./panel_marks.ts";
import type { Spec } from "./vega.ts";

/** The most points of a line with a mark at each. */
const MARKED = 20;

const CONFIG: Spec = {
  aria: false,
  font: FONT,
  view: { stroke: null },
  axis: {
    labelColor: PAGE.muted.light,
    titleColor: PAGE.muted.light,
    labelFontSize: TEXT.size,
    titleFontSize: TEXT.size,
    titleFontWeight: "normal",
    labelOverlap: false,
  },
};

/** The layers of a panel from back to front; the first line is in front of the others. */
function panelLayers(panel: Panel, layout: Layout): readonly Spec[] {
  const at = axisEncodings(panel), { lines, title } = panel;
  const marked = lines.every(({ points }) => points.length <= MARKED);
  return [
    ...backgroundLayers(panel, at, layout),
    ...lines.toReversed().flatMap((line) => lineLayers(line, panel, at, marked)),
    ...labelLayers(panel, layout),
    ...(title ? [titleLayer(title, layout)] : []),
  ];
}

/** The specification of a panel. Lines without points are left out. */
export function panelSpec(panel: Panel, layout: Layout): Spec {
  const lines = panel.lines.filter(({ points }) => points.length > 0);
  const { width, height, left, top, right, bottom } = layout;
  return {
    width,
    height,
    padding: { left, top, right, bottom },
    autosize: { type: "none" },
    background: null,
    layer: panelLayers({ ...panel, lines }, layout),
    config: CONFIG,
  };
}
