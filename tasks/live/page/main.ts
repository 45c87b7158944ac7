/// <reference lib="dom" />
/**
 * The program of the live page: draws the view whenever it changes.
 *
 * @module
 */
import { fixed } from "../../cli/format.ts";
import type { GridView, RunView, View } from "../view.ts";
import { comparisonPanel } from "./comparison_panel.ts";
import { listen, type Live } from "./connection.ts";
import { html, refill } from "./dom.ts";
import { footer, gridElements, headerElements, logLoss, mount, runElements } from "./elements.ts";
import { statusTone } from "./format.ts";
import { gridTable } from "./grid.ts";
import { gridShare, gridTiles, runTiles, shareDone } from "./progress.ts";
import { drawRun } from "./run_section.ts";
import { shardTable } from "./shards.ts";

/** The key of the selected run; null for the current one. */
let chosen: string | null = null;
/** The state of the page; undefined before the server has answered. */
let live: Live | undefined;
/** Whether the browser has been asked to draw. */
let scheduled = false;
/** The session of the last view. */
let session: string | undefined;

const shownKey = ({ current, runs }: View): string | null =>
  chosen !== null && chosen in runs ? chosen : current;

const shownRun = (view: View): RunView | undefined => view.runs[shownKey(view) ?? ""];

function statusWords({ view, link }: Live): readonly [text: string, tone: string] {
  const over = view && view.ended !== null;
  if (view && (over || link === "open")) return [view.status, statusTone(view.status)];
  if (link === "left out") return ["paused: too many pages are open", "idle"];
  return [view ? "connection lost, reconnecting" : "waiting for the training", "bad"];
}

function drawStatus(live: Live): void {
  const [text, tone] = statusWords(live);
  headerElements.status.textContent = text;
  headerElements.status.className = `state ${tone}`;
}

function drawHeader(view: View): void {
  const run = shownRun(view), { title, facts, fault } = headerElements;
  title.textContent = view.title;
  facts.textContent = view.grid?.question ?? run?.name.replaceAll(" | ", " · ") ?? "";
  fault.textContent = run?.fault ?? "";
  fault.hidden = !run?.fault;
}

/** Draws the numbers, which change with the clock alone. */
function drawTiles({ view, ahead }: Live): void {
  if (!view) return;
  const run = shownRun(view), time = Date.now() + ahead;
  if (view.grid) gridElements.tiles.replaceChildren(...gridTiles(view.grid, view, time));
  if (run) runElements.tiles.replaceChildren(...runTiles(run, view, time));
}

function choose(key: string, { current }: View): void {
  chosen = key === current ? null : key;
  draw();
}

function drawGrid(grid: GridView, view: View): void {
  const { runs } = view, key = shownKey(view);
  const { shards: _, ...table } = grid;
  const chosen = {
    key,
    has: (run: string) => run in runs,
    choose: (run: string) => choose(run, view),
  };
  refill(gridElements.table, [table, key, Object.keys(runs)], () => gridTable(grid, chosen));
  const column = grid.cells.find(({ run }) => run === key)?.column ?? grid.columns[0]!;
  const words = { x: (x: number) => `epoch ${x}`, y: (y: number) => fixed(y, 2) };
  gridElements.comparison.show(comparisonPanel(grid, runs, column), words);
}

/** Draws the programs that share the runs; their times change with the clock alone. */
function drawShards({ view, ahead }: Live): void {
  if (!view?.grid) return;
  const { grid, runs } = view, key = shownKey(view), time = Date.now() + ahead;
  const chosen = {
    key,
    has: (run: string) => run in runs,
    choose: (run: string) => choose(run, view),
  };
  const from = [grid.shards, key, Object.keys(runs), Math.floor(time / 1000)];
  refill(gridElements.shards, from, () => shardTable(grid, chosen, time));
}

function drawFooter(view: View): void {
  const { command, device } = view, folder = shownRun(view)?.folder;
  const differences = view.grid?.differences ?? [];
  refill(footer, [command, device, folder, differences], () => [
    html("code", {}, command),
    html("p", {}, [device, folder].filter(Boolean).join(" · ")),
    ...(differences.length > 0
      ? [
        html("p", {}, "What differs from the paper:"),
        html("ul", {}, ...differences.map((sentence) => html("li", {}, sentence))),
      ]
      : []),
  ]);
}

function draw(): void {
  scheduled = false;
  if (!live) return;
  drawStatus(live);
  const { view } = live;
  if (!view) return;
  const { grid } = view;
  drawHeader(view);
  drawTiles(live);
  const { tiles, table, shards, section } = gridElements;
  for (const part of [tiles, table, shards, section]) {
    part.hidden = !grid;
  }
  if (grid) drawGrid(grid, view);
  drawShards(live);
  drawRun(view, shownKey(view));
  drawFooter(view);
}

function tabTitle(view: View): string {
  const { grid, current, runs, status, title } = view;
  const share = grid ? gridShare(grid, view) : shareDone(runs[current ?? ""]);
  return `${status === "running" ? `${Math.floor(100 * share)} %` : status} · ${title}`;
}

/** Draws at the browser's next frame; a hidden page does not draw. */
function scheduleDraw(): void {
  if (live?.view) document.title = tabTitle(live.view);
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(draw);
}

logLoss.addEventListener("click", () => {
  const on = logLoss.getAttribute("aria-pressed") !== "true";
  logLoss.setAttribute("aria-pressed", String(on));
  scheduleDraw();
});
runElements.follow.addEventListener("click", () => {
  chosen = null;
  scheduleDraw();
});
mount(document.getElementById("page")!);
listen((now) => {
  if (now.view?.session !== session) chosen = null;
  session = now.view?.session;
  live = now;
  scheduleDraw();
});
setInterval(() => {
  if (live?.view?.ended !== null || document.hidden) return;
  drawTiles(live);
  drawShards(live);
}, 1000);
