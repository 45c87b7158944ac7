/// <reference lib="dom" />
/**
 * The curves and the table of nets that train side by side.
 *
 * @module
 */
import { Chart } from "../../tasks/live/page/chart.ts";
import { html } from "../../tasks/live/page/dom.ts";
import type { LiveLine } from "../../tasks/live/page/plot.ts";
import { linearAxis } from "../../tasks/plots/axis.ts";
import type { Point } from "../../tasks/plots/panel.ts";
import { linearTicks } from "../../tasks/plots/ticks.ts";
import { CLASSES } from "../net/build_net.ts";
import { INITS } from "../net/setting.ts";
import { COLORS } from "../style.ts";
import type { Lane } from "./lane.ts";

/** Steps over which a curve is averaged, and points that it has at most. */
const AVERAGED = 20, MOST_POINTS = 240;
/** The loss of a net that knows nothing, and the highest that is drawn. */
const CHANCE = Math.log(CLASSES), HIGHEST = 2 * CHANCE;

/** The means of the last losses at evenly spaced steps. */
export function smoothed(losses: readonly number[]): Point[] {
  const every = Math.max(1, Math.ceil(losses.length / MOST_POINTS)), points: Point[] = [];
  for (let step = every; step <= losses.length; step += every) {
    const last = losses.slice(Math.max(0, step - AVERAGED), step);
    const mean = last.reduce((sum, loss) => sum + loss, 0) / last.length;
    points.push({ x: step, y: Number.isFinite(mean) ? Math.min(mean, HIGHEST) : NaN });
  }
  return points;
}

const percent = (share: number | undefined): string =>
  share === undefined ? "" : `${(100 * share).toFixed(1)} %`;

const mean = (losses: readonly number[]): number =>
  losses.length === 0 ? NaN : losses.slice(-AVERAGED).reduce((a, b) => a + b) /
    Math.min(AVERAGED, losses.length);

function lossText({ state }: Lane): string {
  const last = mean(state.losses);
  return state.losses.length === 0 ? "" : Number.isFinite(last) ? last.toFixed(3) : "diverged";
}

const deviceText = ({ state: { device, status } }: Lane): string =>
  status === "failed" ? "failed" : device ?? "…";

/** Sentences about the devices, each once. */
function notes(lanes: readonly Lane[]): string[] {
  const all = lanes.flatMap(({ init, state: { device, description, reason, fault, status } }) => [
    ...(fault === undefined
      ? []
      : [`${INITS[init]} ${status === "failed" ? "failed" : "goes on with the CPU"}: ${fault}`]),
    ...(device ? [`${device}: ${description}${reason ? `; ${reason}` : ""}.`] : []),
  ]);
  return [...new Set(all)];
}

const row = (lane: Lane): HTMLElement => {
  const { losses, accuracy, ms } = lane.state;
  return html(
    "tr",
    {},
    html("th", { scope: "row" }, INITS[lane.init]),
    html("td", {}, lossText(lane)),
    html("td", {}, percent(accuracy)),
    html("td", {}, String(losses.length)),
    html("td", {}, ms === undefined ? "" : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`),
    html("td", {}, deviceText(lane)),
  );
};

/** The curves and the table. */
export class Comparison {
  readonly #chart = new Chart();
  readonly #table: HTMLTableElement;

  readonly #notes: HTMLElement;

  /** @param curves Where the chart goes. */
  constructor(curves: HTMLElement, table: HTMLTableElement, notes: HTMLElement) {
    this.#table = table;
    this.#notes = notes;
    this.#chart.element.hidden = true;
    curves.append(this.#chart.element);
  }

  /** Draws what is known of the nets. */
  draw(lanes: readonly Lane[], steps: number): void {
    const lines = lanes.map((lane): LiveLine => ({
      name: INITS[lane.init],
      color: COLORS[lane.init],
      points: smoothed(lane.state.losses),
      end: percent(lane.state.accuracy),
    }));
    const heights = lines.flatMap(({ points }) => points.map(({ y }) => y));
    this.#chart.show({
      title: "Training loss, nats; behind the names, test accuracy",
      x: { title: "step", domain: [0, steps], ticks: linearTicks(0, steps, 6) },
      y: linearAxis("loss", [0, CHANCE, ...heights], [0, HIGHEST]),
      target: { value: CHANCE },
      lines,
    }, { x: (x) => `step ${x}`, y: (y) => y.toFixed(3) });
    this.#table.hidden = lanes.length === 0;
    this.#table.tBodies[0]!.replaceChildren(...lanes.map(row));
    this.#notes.replaceChildren(...notes(lanes).map((note) => html("p", {}, note)));
  }
}
