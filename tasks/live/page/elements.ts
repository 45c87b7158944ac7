/// <reference lib="dom" />
/**
 * The static elements of the live page, from top to bottom.
 *
 * @module
 */
import { Chart } from "./chart.ts";
import { html } from "./dom.ts";

const button = (text: string, attributes: Record<string, string> = {}) =>
  html("button", { type: "button", class: "tool", ...attributes }, text);

/** The title and the status. */
export const headerElements = {
  title: html("h1"),
  status: html("span", { class: "state", role: "status" }),
  facts: html("p", { class: "facts" }),
  fault: html("p", { class: "fault", role: "alert" }),
};

/** The button that toggles the loss's logarithmic scale. */
export const logLoss = button("log", { "aria-pressed": "false" });

const comparison = new Chart();

/** The elements of an experiment: its numbers, its table, and the chart that compares its rows. */
export const gridElements = {
  tiles: html("section", { class: "whole" }),
  table: html("section"),
  shards: html("section"),
  comparison,
  section: html("section", { class: "charts single" }, comparison.element),
};

/** The charts of a run. */
export const charts = {
  loss: new Chart(logLoss),
  accuracy: new Chart(),
  lsuv: new Chart(),
  activation: new Chart(),
  gradient: new Chart(),
  speed: new Chart(),
};

const epochs = html("div");

/** The elements of a run: its name, its numbers, its charts, its epochs. */
export const runElements = {
  name: html("h2"),
  /** The button that returns to the current run. */
  follow: button("Follow"),
  tiles: html("section", { class: "one" }),
  charts: html("section", { class: "charts" }),
  details: html("details", {}, html("summary", {}, "Epochs"), epochs),
  epochs,
};

/** The command and the folder, and the differences from the paper. */
export const footer = html("footer");

/** Adds all elements to the page. */
export function mount(page: HTMLElement): void {
  const { title, status, facts, fault } = headerElements;
  const grid = gridElements, run = runElements;
  run.charts.append(...Object.values(charts).map(({ element }) => element));
  page.replaceChildren(
    html("header", {}, html("div", { class: "title" }, title, status), facts, fault),
    grid.tiles,
    grid.table,
    grid.shards,
    grid.section,
    run.name,
    run.tiles,
    run.charts,
    run.details,
    footer,
  );
}
