/// <reference lib="dom" />
/**
 * Progress bars and numbers of runs and grids.
 *
 * @module
 */
import { duration, fixed, grouped } from "../../cli/format.ts";
import type { GridView, RunView, View } from "../view.ts";
import { type Content, html } from "./dom.ts";
import { clock } from "./format.ts";

/** A tile: a number with its name. */
function tile(name: string, value: string, note = ""): HTMLElement {
  const more = note ? [html("dd", { class: "note" }, note)] : [];
  return html("div", {}, html("dt", {}, name), html("dd", {}, value), ...more);
}

function bar(share: number, what: string): HTMLElement {
  const inner = html("div");
  inner.style.width = `${100 * Math.min(Math.max(share, 0), 1)}%`;
  const value = Math.round(100 * share);
  const range = { "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": value };
  return html("div", { class: "bar", role: "progressbar", "aria-label": what, ...range }, inner);
}

const countSteps = ({ epochs, stepsPerEpoch }: RunView): number => epochs * stepsPerEpoch;

/** The fraction of a run that is done. */
export const shareDone = (run: RunView | undefined): number =>
  run?.now ? run.now.step / countSteps(run) : 0;

/** Seconds to a run's end, at a time of the server; undefined where unknown. */
function secondsLeft({ status, now }: RunView, time: number): number | undefined {
  if (status !== "running" || !now || now.left === null) return undefined;
  return Math.max(0, now.left - (time - now.at) / 1000);
}

const clockTime = (left: number): string => {
  const end = new Date(Date.now() + 1000 * left);
  const day = left > 20 * 3600 ? `${end.toLocaleDateString([], { weekday: "short" })} ` : "";
  return `at ${day}${
    end.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
  }`;
};

function leftTile(name: string, left: number | undefined, over: boolean): HTMLElement {
  if (over) return tile(name, "none");
  if (left === undefined) return tile(name, "…");
  return tile(name, `≈ ${left < 3600 ? clock(left) : duration(left)}`, clockTime(left));
}

const ranTile = ({ began, ended }: View, time: number): HTMLElement =>
  tile(ended === null ? "Running for" : "Ran for", clock(((ended ?? time) - began) / 1000));

function epochTile({ now, epochs, stepsPerEpoch }: RunView, steps: number): HTMLElement {
  const step = now?.step ?? 0, epoch = Math.min(Math.floor(step / stepsPerEpoch) + 1, epochs);
  return tile("Epoch", `${epoch} of ${epochs}`, `step ${grouped(step)} of ${grouped(steps)}`);
}

function speedTile({ now, batch }: RunView): HTMLElement {
  if (!now || !(now.imagesPerSecond > 0)) return tile("Throughput", "…");
  const perStep = `${grouped(1000 * batch / now.imagesPerSecond)} ms per step of ${batch}`;
  return tile("Throughput", `${grouped(now.imagesPerSecond)} images/s`, perStep);
}

function lossTile({ points, rows }: RunView): HTMLElement {
  const loss = points.at(-1)?.[2] ?? rows.at(-1)?.trainLoss;
  return tile("Training loss", Number.isFinite(loss) ? fixed(loss!, 4) : "…");
}

const percent = (share: number): string => `${fixed(100 * share, 2)} %`;

/** The last accuracy, and the best one where there are several. */
function accuracyTile({ rows }: RunView): HTMLElement {
  const tested = rows.filter(({ testAccuracy }) => Number.isFinite(testAccuracy));
  const last = tested.at(-1);
  if (!last) return tile("Test accuracy", "…");
  const best = tested.reduce((a, b) => b.testAccuracy > a.testAccuracy ? b : a);
  const note = `best ${percent(best.testAccuracy)}, epoch ${best.epoch}`;
  return tile("Test accuracy", percent(last.testAccuracy), tested.length > 1 ? note : "");
}

/** The numbers of a run. */
export function runTiles(run: RunView, view: View, time: number): Content[] {
  const steps = countSteps(run), done = (run.now?.step ?? 0) / steps;
  return [
    bar(done, "the run"),
    html(
      "dl",
      { class: "tiles" },
      epochTile(run, steps),
      leftTile("Time left", secondsLeft(run, time), run.status !== "running"),
      ...(view.grid ? [] : [ranTile(view, time)]),
      speedTile(run),
      lossTile(run),
      accuracyTile(run),
    ),
  ];
}

/** Seconds to the end of a grid, assuming that each pending run takes as long as the mean so far. */
function gridLeft({ cells }: GridView, running: readonly RunView[], time: number) {
  const took = cells.flatMap(({ status, seconds }) => status === "done" ? seconds ?? [] : []);
  const waiting = cells.filter(({ status }) => status === "pending").length;
  const left = running.flatMap((run) => secondsLeft(run, time) ?? []);
  if (left.length === 0 || (took.length === 0 && waiting > 0)) return undefined;
  const toCome = waiting > 0 ? waiting * took.reduce((a, b) => a + b) / took.length : 0;
  return (left.reduce((a, b) => a + b) + toCome) / left.length;
}

/** The runs of a grid that are running. */
const runningRuns = ({ cells }: GridView, { runs }: View): readonly RunView[] =>
  cells.flatMap(({ status, run }) => status === "running" ? runs[run] ?? [] : []);

/** The fraction of a grid that is done. */
export function gridShare(grid: GridView, view: View): number {
  const over = grid.cells.filter(({ status }) => status !== "pending" && status !== "running");
  const parts = runningRuns(grid, view).map(shareDone);
  return parts.reduce((a, b) => a + b, over.length) / grid.cells.length;
}

/** The numbers of a grid. */
export function gridTiles(grid: GridView, view: View, time: number): Content[] {
  const { cells } = grid, running = runningRuns(grid, view);
  const count = (status: string) => cells.filter((cell) => cell.status === status).length;
  const over = cells.length - count("pending") - count("running");
  const odd = [[count("n/c"), "n/c"], [count("failed"), "failed"]].filter(([n]) => n !== 0);
  return [
    bar(gridShare(grid, view), "the experiment"),
    html(
      "dl",
      { class: "tiles" },
      tile("Runs", `${over} of ${cells.length}`, odd.map((each) => each.join(" ")).join(", ")),
      leftTile("Time left", gridLeft(grid, running, time), view.ended !== null),
      ranTile(view, time),
    ),
  ];
}
