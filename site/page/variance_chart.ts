/// <reference lib="dom" />
/**
 * The picture of variance by layer: as drawn, and as far as LSUV has come.
 *
 * @module
 */
import { svg } from "../../tasks/live/page/dom.ts";
import { tickLabels } from "../../tasks/plots/ticks.ts";
import { BOX, createScales, type Scales } from "./scale.ts";

/** What the picture shows. */
export interface Shown {
  /** The variances of the weights as drawn. */
  readonly drawn: readonly number[];
  /** The variances now. */
  readonly now: readonly number[];
  /** The layers that LSUV has scaled. */
  readonly done: number;
}

const path = (values: readonly number[], at: Scales, from: number, to: number): string =>
  values.slice(from, to).map((value, i) =>
    `${i ? "L" : "M"}${at.x(from + i).toFixed(1)} ${at.y(value).toFixed(1)}`
  ).join("");

function drawAxes(at: Scales, width: number, layers: number): SVGElement[] {
  const right = width - BOX.right, texts = tickLabels(at.ticks), base = BOX.height - 8;
  const every = [1, 2, 5, 10].find((n) => n * at.step >= 22) ?? 10;
  return [
    ...at.ticks.flatMap((tick, i) => [
      svg("line", { class: "rule", x1: BOX.left, x2: right, y1: at.y(tick), y2: at.y(tick) }),
      svg("text", { x: BOX.left - 7, y: at.y(tick) + 4, "text-anchor": "end" }, texts[i]!),
    ]),
    svg("line", { class: "one", x1: BOX.left, x2: right, y1: at.y(1), y2: at.y(1) }),
    svg("text", { class: "title", x: 0, y: 11 }, "Variance of each layer’s output"),
    svg("text", { x: BOX.left - 7, y: base, "text-anchor": "end" }, "layer"),
    ...Array.from({ length: layers }, (_, i) => i)
      .filter((i) => i === 0 || (i + 1) % every === 0)
      .map((i) => svg("text", { x: at.x(i), y: base, "text-anchor": "middle" }, String(i + 1))),
  ];
}

function drawPoints({ now, done }: Shown, at: Scales): SVGElement[] {
  const radius = Math.min(4, Math.max(2, at.step / 5));
  return now.map((value, i) =>
    svg("circle", {
      class: i < done ? "after" : "before",
      cx: at.x(i).toFixed(1),
      cy: at.y(value).toFixed(1),
      r: radius,
    })
  );
}

function drawCursor({ now, done }: Shown, at: Scales): SVGElement[] {
  if (done === 0 || done >= now.length) return [];
  const x = at.x(done - 1), y = at.y(now[done - 1]!);
  return [
    svg("line", { class: "cursor", x1: x, x2: x, y1: BOX.top, y2: BOX.height - BOX.bottom }),
    svg("circle", { class: "halo", cx: x, cy: y, r: 10 }),
  ];
}

/** Draws the picture into an element. `range` are variances that must fit in. */
export function drawVariances(element: SVGSVGElement, all: Shown, range: readonly number[]): void {
  const width = element.clientWidth, { drawn, now, done } = all, layers = now.length;
  if (width === 0) return;
  const at = createScales(range, layers, width);
  element.setAttribute("viewBox", `0 0 ${width} ${BOX.height}`);
  element.replaceChildren(
    ...drawAxes(at, width, layers),
    svg("path", { class: "asdrawn", d: path(drawn, at, 0, layers) }),
    svg("path", { class: "before", d: path(now, at, Math.max(0, done - 1), layers) }),
    svg("path", { class: "after", d: path(now, at, 0, done) }),
    ...drawCursor(all, at),
    ...drawPoints(all, at),
  );
}
