/// <reference lib="dom" />
/**
 * The section of the live page that shows a run.
 *
 * @module
 */
import { fixed, grouped } from "../../cli/format.ts";
import type { RunView, View } from "../view.ts";
import type { Words } from "./chart.ts";
import { accuracyPanel, lossPanel, speedPanel } from "./curve_panels.ts";
import { html, refill } from "./dom.ts";
import { charts, logLoss, runElements } from "./elements.ts";
import { epochTable } from "./epochs.ts";
import { statusTone } from "./format.ts";
import { layersPanel, lsuvPanel } from "./layer_panels.ts";

const epochText = (x: number): string => `epoch ${fixed(x, Number.isInteger(x) ? 0 : 2)}`;

/** The number formats of a chart by epoch. */
const epochWords = ({ stepsPerEpoch }: RunView, digits: number): Words => ({
  x: (x) => `${epochText(x)}, step ${grouped(Math.round(x * stepsPerEpoch))}`,
  y: (y) => fixed(y, digits),
});

/** The number formats of a chart by layer. */
function layerWords({ initial, snapshots, scaling }: RunView): Words {
  const names = initial[0]?.names ?? snapshots[0]?.names ?? scaling.map(({ name }) => name);
  return {
    x: (x) => `layer ${x}: ${names[x - 1] ?? ""}`,
    y: (y) => String(Number(y.toPrecision(3))),
  };
}

function drawCharts(run: RunView): void {
  const log = logLoss.getAttribute("aria-pressed") === "true", layer = layerWords(run);
  const measured = run.initial.length + run.snapshots.length > 0;
  charts.loss.show(lossPanel(run, log), epochWords(run, 4));
  charts.accuracy.show(accuracyPanel(run), epochWords(run, 2));
  charts.speed.show(speedPanel(run), epochWords(run, 0));
  charts.lsuv.show(measured ? undefined : lsuvPanel(run), layer);
  charts.activation.show(layersPanel(run, "activation"), layer);
  charts.gradient.show(layersPanel(run, "gradient"), layer);
}

/** Draws the run's name and status, where there are several runs. */
function drawName({ name, status }: RunView): void {
  const { name: heading, follow } = runElements;
  refill(heading, [name, status, follow.hidden], () => [
    `${name} `,
    html("span", { class: `state ${statusTone(status)}` }, status),
    " ",
    follow,
  ]);
}

/** Draws the run with a key; hides the section where there is none yet. */
export function drawRun(view: View, key: string | null): void {
  const run = key === null ? undefined : view.runs[key];
  const { name, follow, tiles, details, epochs } = runElements;
  for (const part of [tiles, runElements.charts, details]) part.hidden = !run;
  name.hidden = !run || !view.grid;
  follow.hidden = key === view.current;
  if (!run) return;
  drawName(run);
  drawCharts(run);
  details.hidden = run.rows.length === 0;
  refill(epochs, run.rows, () => [epochTable(run.rows)]);
}
