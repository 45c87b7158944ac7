/// <reference lib="dom" />
/**
 * The live page.
 *
 * @module
 */
import { fixed, grouped } from "../../cli/format.ts";
import type { RunView, View } from "../view.ts";
import { Chart, type Words } from "./chart.ts";
import { html, refill } from "./dom.ts";
import { epochTable } from "./epochs.ts";
import { gridTable } from "./grid.ts";
import { listen, type Live } from "./connection.ts";
import {
  accuracyPanel,
  comparisonPanel,
  layersPanel,
  lossPanel,
  lsuvPanel,
  speedPanel,
} from "./panels.ts";
import { gridShare, gridTiles, runTiles, shareDone } from "./progress.ts";
import { statusTone } from "./format.ts";

const title = html("h1"), state = html("span", { class: "state", role: "status" });
const facts = html("p", { class: "facts" }), fault = html("p", { class: "fault", role: "alert" });
const whole = html("section", { class: "whole" }), table = html("section");
const name = html("h2"), follow = html("button", { type: "button", class: "tool" }, "Follow");
const tiles = html("section", { class: "one" }), epochs = html("div"), foot = html("footer");
const logLoss = html("button", { type: "button", class: "tool", "aria-pressed": "false" }, "log");

const comparison = new Chart(), loss = new Chart(logLoss), accuracy = new Chart();
const lsuv = new Chart(), activation = new Chart(), gradient = new Chart(), speed = new Chart();

const charts = html("section", { class: "charts" });
charts.append(...[loss, accuracy, lsuv, activation, gradient, speed].map((it) => it.element));
const whatRuns = html("section", { class: "charts single" }, comparison.element);
const details = html("details", {}, html("summary", {}, "Epochs"), epochs);

/** The run that is looked at; null for the one at hand. */
let chosen: string | null = null, live: Live | undefined, drawn = false;

const chosenKey = ({ current, runs }: View): string | null =>
  chosen !== null && chosen in runs ? chosen : current;

const words = (x: (x: number) => string, digits: number): Words => ({
  x,
  y: (y) => fixed(y, digits),
});

function stateWords({ view, link }: Live): readonly [text: string, tone: string] {
  const over = view && view.ended !== null;
  if (view && (over || link === "open")) return [view.status, statusTone(view.status)];
  if (link === "left out") return ["paused: too many pages are open", "idle"];
  return [view ? "connection lost, trying again" : "waiting for the training", "bad"];
}

function drawCharts(run: RunView) {
  const epoch = (x: number) => `epoch ${fixed(x, Number.isInteger(x) ? 0 : 2)}`;
  const step = (x: number) => `${epoch(x)}, step ${grouped(Math.round(x * run.stepsPerEpoch))}`;
  loss.show(lossPanel(run, logLoss.getAttribute("aria-pressed") === "true"), words(step, 4));
  accuracy.show(accuracyPanel(run), words(step, 2));
  speed.show(speedPanel(run), words(step, 0));
  const names = run.initial[0]?.names ?? run.snapshots[0]?.names ??
    run.scaling.map(({ name }) => name);
  const layer: Words = {
    x: (x) => `layer ${x}: ${names[x - 1] ?? ""}`,
    y: (y) => String(Number(y.toPrecision(3))),
  };
  const measured = run.initial.length + run.snapshots.length > 0;
  lsuv.show(measured ? undefined : lsuvPanel(run), layer);
  activation.show(layersPanel(run, "activation"), layer);
  gradient.show(layersPanel(run, "gradient"), layer);
}

/** What changes with the clock alone. */
function drawTiles({ view, ahead }: Live) {
  if (!view) return;
  const { grid, runs } = view, run = runs[chosenKey(view) ?? ""], time = Date.now() + ahead;
  if (grid) whole.replaceChildren(...gridTiles(grid, view, time));
  if (run) tiles.replaceChildren(...runTiles(run, view, time));
}

function drawGrid(view: View) {
  const { grid, runs } = view, key = chosenKey(view);
  whole.hidden = table.hidden = whatRuns.hidden = !grid;
  if (!grid) return;
  const begun = Object.keys(runs);
  refill(table, [grid, key, begun], () => {
    const choose = (run: string) => {
      chosen = run === view.current ? null : run;
      draw();
    };
    return gridTable(grid, { key, has: (run) => run in runs, choose });
  });
  const column = grid.cells.find(({ run }) => run === key)?.column ?? grid.columns[0]!;
  comparison.show(comparisonPanel(grid, runs, column), words((x) => `epoch ${x}`, 2));
}

function drawRun(view: View) {
  const key = chosenKey(view), run = key === null ? undefined : view.runs[key];
  for (const part of [tiles, charts, details]) part.hidden = !run;
  name.hidden = !run || !view.grid;
  follow.hidden = key === view.current;
  if (!run) return;
  refill(name, [run.name, run.status, follow.hidden], () => [
    `${run.name} `,
    html("span", { class: `state ${statusTone(run.status)}` }, run.status),
    " ",
    follow,
  ]);
  drawCharts(run);
  details.hidden = run.rows.length === 0;
  refill(epochs, run.rows, () => [epochTable(run.rows)]);
}

function tabTitle(view: View): string {
  const { grid, current, runs } = view, run = current === null ? undefined : runs[current];
  const share = grid ? gridShare(grid, view) : shareDone(run);
  const head = view.status === "running" ? `${Math.floor(100 * share)} %` : view.status;
  return `${head} · ${view.title}`;
}

function draw() {
  drawn = false;
  if (!live) return;
  const { view } = live, [text, tone] = stateWords(live);
  state.textContent = text;
  state.className = `state ${tone}`;
  if (!view) return;
  const { grid, runs } = view, run = runs[chosenKey(view) ?? ""];
  title.textContent = view.title;
  facts.textContent = grid ? grid.question : run?.name.replaceAll(" | ", " · ") ?? "";
  fault.textContent = run?.fault ?? "";
  fault.hidden = !run?.fault;
  drawTiles(live);
  drawGrid(view);
  drawRun(view);
  const folder = run?.folder;
  refill(foot, [view.command, view.device, folder, grid?.differences], () => [
    html("code", {}, view.command),
    html("p", {}, [view.device, folder].filter(Boolean).join(" · ")),
    ...(grid?.differences.length
      ? [
        html("p", {}, "What differs from the paper:"),
        html("ul", {}, ...grid.differences.map((sentence) => html("li", {}, sentence))),
      ]
      : []),
  ]);
}

/** Draws once the browser does next; a page that is not seen does not draw. */
function scheduleDraw() {
  if (live?.view) document.title = tabTitle(live.view);
  if (drawn) return;
  drawn = true;
  requestAnimationFrame(draw);
}

logLoss.addEventListener("click", () => {
  const on = logLoss.getAttribute("aria-pressed") !== "true";
  logLoss.setAttribute("aria-pressed", String(on));
  scheduleDraw();
});
follow.addEventListener("click", () => {
  chosen = null;
  scheduleDraw();
});

const head = html("header", {}, html("div", { class: "title" }, title, state), facts, fault);
document.getElementById("page")!.replaceChildren(
  head,
  whole,
  table,
  whatRuns,
  name,
  tiles,
  charts,
  details,
  foot,
);

let session: string | undefined;
listen((now) => {
  if (now.view?.session !== session) chosen = null;
  session = now.view?.session;
  live = now;
  scheduleDraw();
});
setInterval(() => {
  if (live?.view?.ended === null && !document.hidden) drawTiles(live);
}, 1000);
