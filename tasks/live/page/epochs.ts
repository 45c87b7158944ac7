/// <reference lib="dom" />
/**
 * The table of a run's epochs, the newest first.
 *
 * @module
 */
import { fixed, grouped, NONE } from "../../cli/format.ts";
import type { EpochRow } from "../../run/tables.ts";
import { html } from "./dom.ts";

const HEAD = [
  "epoch",
  "training loss",
  "accuracy, %",
  "test loss",
  "accuracy, %",
  "seconds",
  "images/s",
];

const number = (value: number | null, digits: number): string =>
  value === null ? NONE : fixed(value, digits);

const rowTexts = (row: EpochRow): string[] => [
  grouped(row.epoch),
  number(row.trainLoss, 4),
  number(100 * row.trainAccuracy, 2),
  number(row.testLoss, 4),
  number(100 * row.testAccuracy, 2),
  number(row.seconds, 1),
  grouped(row.imagesPerSecond),
];

/** The table of epochs. */
export function epochTable(rows: readonly EpochRow[]): HTMLElement {
  const head = HEAD.map((name) => html("th", { scope: "col" }, name));
  const body = rows.toReversed().map((row) =>
    html("tr", {}, ...rowTexts(row).map((text) => html("td", {}, text)))
  );
  const table = html(
    "table",
    { class: "numbers" },
    html("thead", {}, html("tr", {}, ...head)),
    html("tbody", {}, ...body),
  );
  const named = { role: "region", tabindex: 0, "aria-label": "Epochs" };
  return html("div", { class: "scroll tall", ...named }, table);
}
