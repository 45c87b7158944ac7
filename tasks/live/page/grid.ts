/// <reference lib="dom" />
/**
 * The grid of an experiment: a table with the status of each run.
 *
 * @module
 */
import { capitalize, fixed } from "../../cli/format.ts";
import { toMeasure } from "../../experiments/measure.ts";
import { spreadText, summarize } from "../../plots/statistics.ts";
import type { CellView, GridView } from "../view.ts";
import { html } from "./dom.ts";
import { statusTone } from "./format.ts";

const WORDS: Readonly<Record<CellView["status"], string>> = {
  pending: "waiting",
  running: "running",
  done: "done",
  "n/c": "n/c",
  failed: "failed",
};

/** The selection of a run. */
export interface Chosen {
  /** The run that is shown. */
  readonly key: string | null;
  /** Whether a run has anything to show. */
  readonly has: (key: string) => boolean;
  readonly choose: (key: string) => void;
}

/** The button of a run, with its status or number. */
function runButton(grid: GridView, cell: CellView, chosen: Chosen): HTMLElement {
  const { run, row, column, seed, status, accuracy, message } = cell;
  const number = status === "done" && accuracy !== undefined
    ? fixed(toMeasure(grid, accuracy), 2)
    : WORDS[status];
  const several = grid.seeds.length > 1;
  const button = html(
    "button",
    {
      type: "button",
      id: `run-${run}`,
      class: `run ${statusTone(status)}`,
      "aria-pressed": run === chosen.key ? "true" : "false",
      "aria-label": `${row}, ${column}, seed ${seed}: ${
        status === "done" ? number : WORDS[status]
      }`,
      disabled: !chosen.has(run),
      title: message,
    },
    ...(several ? [html("span", { class: "seed" }, `s${seed}`)] : []),
    html("span", {}, number),
  );
  button.addEventListener("click", () => chosen.choose(run));
  return button;
}

function gridCell(grid: GridView, row: string, column: string, chosen: Chosen): HTMLElement {
  const cells = grid.cells.filter((cell) => cell.row === row && cell.column === column);
  const found = cells.flatMap(({ status, accuracy }) =>
    status === "done" && accuracy !== undefined ? toMeasure(grid, accuracy) : []
  );
  const summary = found.length > 1 ? summarize(found) : undefined;
  const paper = grid.paper?.[row]?.[column];
  return html(
    "td",
    {},
    ...(summary ? [html("div", { class: "mean" }, spreadText(summary))] : []),
    html("div", { class: "runs" }, ...cells.map((cell) => runButton(grid, cell, chosen))),
    ...(paper === undefined
      ? []
      : [html("small", {}, `paper ${typeof paper === "number" ? fixed(paper, 2) : paper}`)]),
  );
}

/** The table, below its caption. */
export function gridTable(grid: GridView, chosen: Chosen): HTMLElement[] {
  const { rows, columns, measure, seeds } = grid;
  const head = columns.map((column) => html("th", { scope: "col" }, column));
  const body = rows.map((row) =>
    html(
      "tr",
      {},
      html("th", { scope: "row" }, row),
      ...columns.map((column) => gridCell(grid, row, column, chosen)),
    )
  );
  const spread = seeds.length > 1 ? ", mean ± standard deviation over seeds" : "";
  const caption = `${capitalize(measure)}${spread}. Choose a run to see its curves.`;
  const table = html(
    "table",
    { class: "grid", "aria-describedby": "caption" },
    html("thead", {}, html("tr", {}, html("td"), ...head)),
    html("tbody", {}, ...body),
  );
  const named = { role: "region", tabindex: 0, "aria-label": "The runs" };
  return [
    html("p", { id: "caption", class: "caption" }, caption),
    html("div", { class: "scroll", ...named }, table),
  ];
}
