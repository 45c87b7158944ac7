/// <reference lib="dom" />
/**
 * The programs that share a grid's runs: a table of what each does.
 *
 * @module
 */
import type { GridView, ShardState, ShardView } from "../view.ts";
import { html } from "./dom.ts";
import { clock } from "./format.ts";
import type { Chosen } from "./grid.ts";

const TONES: Readonly<Record<ShardState, string>> = {
  training: "busy",
  waiting: "idle",
  silent: "bad",
  gone: "bad",
};

/** The state of a program, and how long it has given no sign of life where that is long. */
function stateText({ state, silent }: ShardView): string {
  if (state === "silent") return `silent for ${clock(silent)}`;
  return state === "gone" ? `gone, last seen ${clock(silent)} ago` : state;
}

/** The name of a run as a button that shows it. */
function runLink({ cells, seeds }: GridView, run: string, chosen: Chosen): HTMLElement {
  const cell = cells.find((each) => each.run === run);
  const seed = cell && seeds.length > 1 ? `, seed ${cell.seed}` : "";
  const button = html(
    "button",
    {
      type: "button",
      id: `shard-${run}`,
      class: "run busy",
      disabled: !chosen.has(run),
      "aria-pressed": run === chosen.key ? "true" : "false",
    },
    cell ? `${cell.row}, ${cell.column}${seed}` : run,
  );
  button.addEventListener("click", () => chosen.choose(run));
  return button;
}

function shardRow(grid: GridView, shard: ShardView, chosen: Chosen, time: number): HTMLElement {
  const { name, job, host, process, state, runs, began } = shard;
  const links = runs.map((run) => runLink(grid, run, chosen));
  return html(
    "tr",
    {},
    html("th", { scope: "row" }, name ?? "–"),
    html("td", {}, html("span", { class: `state ${TONES[state]}` }, stateText(shard))),
    html("td", {}, html("div", { class: "runs" }, ...links)),
    html("td", {}, clock((time - began) / 1000)),
    html("td", {}, job ?? "–"),
    html("td", {}, `${host}, process ${process}`),
  );
}

/** How many programs are in each state, in words. */
function summaryText(shards: readonly ShardView[]): string {
  const states: readonly ShardState[] = ["training", "waiting", "silent", "gone"];
  return states.flatMap((state) => {
    const count = shards.filter((shard) => shard.state === state).length;
    return count > 0 ? `${count} ${state}` : [];
  }).join(", ");
}

/** The table, below its caption; nothing where one program trains all. */
export function shardTable(grid: GridView, chosen: Chosen, time: number): HTMLElement[] {
  const { shards } = grid;
  if (shards.length === 0) return [];
  const heads = ["Shard", "State", "Run", "For", "Job", "Machine"];
  const table = html(
    "table",
    { class: "shards", "aria-describedby": "shards" },
    html("thead", {}, html("tr", {}, ...heads.map((head) => html("th", { scope: "col" }, head)))),
    html("tbody", {}, ...shards.map((shard) => shardRow(grid, shard, chosen, time))),
  );
  const named = { role: "region", tabindex: 0, "aria-label": "The programs" };
  return [
    html(
      "p",
      { id: "shards", class: "caption" },
      `Programs that share the runs: ${summaryText(shards)}.`,
    ),
    html("div", { class: "scroll", ...named }, table),
  ];
}
