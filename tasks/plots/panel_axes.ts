/**
 * A panel's axes as Vega-Lite encodings.
 *
 * @module
 */
import { SIZE } from "./layout.ts";
import { PAGE } from "./palette.ts";
import type { Axis, Panel } from "./panel.ts";
import { tickLabels } from "./ticks.ts";
import type { Spec } from "./vega.ts";

/** The encodings of x and y, which all marks of a panel share. */
export interface Encodings {
  readonly x: Spec;
  readonly y: Spec;
}

const scaleSpec = ({ log, domain }: Axis): Spec => ({
  type: log ? "log" : "linear",
  domain,
  nice: false,
  ...(log ? {} : { zero: false }),
});

/** Ticks, with our labels instead of Vega's. */
const tickSpec = ({ ticks }: Axis): Spec => ({
  values: ticks,
  labelExpr: `${JSON.stringify(tickLabels(ticks))}[indexof(${JSON.stringify(ticks)}, datum.value)]`,
});

const xEncoding = (x: Axis): Spec => ({
  field: "x",
  type: "quantitative",
  scale: scaleSpec(x),
  axis: {
    ...tickSpec(x),
    title: x.title,
    grid: false,
    titlePadding: 6,
    domainColor: PAGE.muted.light,
    tickColor: PAGE.muted.light,
    tickSize: 4,
    labelFlush: false,
  },
});

const yEncoding = (y: Axis): Spec => ({
  field: "y",
  type: "quantitative",
  scale: scaleSpec(y),
  axis: {
    ...tickSpec(y),
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
});

/** The encodings of a panel's axes. */
export const axisEncodings = ({ x, y }: Panel): Encodings => ({ x: xEncoding(x), y: yEncoding(y) });
