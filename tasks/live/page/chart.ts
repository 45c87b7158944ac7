/// <reference lib="dom" />
/**
 * A chart of the live page: a panel with a legend and a tooltip.
 *
 * @module
 */
import { altText } from "../../plots/panel.ts";
import { html, refill, svg } from "./dom.ts";
import {
  BOX,
  colorClass,
  createScales,
  dashArray,
  drawPanel,
  type LiveLine,
  type LivePanel,
  type Scales,
} from "./plot.ts";
import { drawMarks, readAt } from "./readout.ts";

/** The number formats of a chart. */
export interface Words {
  readonly x: (x: number) => string;
  readonly y: (y: number) => string;
}

const swatch = (line: LiveLine): SVGElement =>
  svg(
    "svg",
    { class: "swatch", width: 18, height: 8, "aria-hidden": "true" },
    svg("line", {
      class: `${colorClass(line)} line`,
      x1: 0,
      x2: 18,
      y1: 4,
      y2: 4,
      "stroke-dasharray": dashArray(line),
    }),
  );

/** The legend entry of a line, with its last value where that is labeled. */
const legendEntry = (line: LiveLine): HTMLElement =>
  html("li", {}, swatch(line), line.name, ...(line.end ? [html("b", {}, line.end)] : []));

/** A chart, which can be redrawn at any time. */
export class Chart {
  /** The element of the chart. */
  readonly element: HTMLElement;
  readonly #title = html("h3");
  readonly #legend = html("ul", { class: "legend" });
  readonly #svg = svg("svg", { height: BOX.height, role: "img", tabindex: 0 });
  readonly #tip = html("div", { class: "tip", hidden: true });
  readonly #plot = html("div", { class: "plot" }, this.#svg, this.#tip);
  #shown?: { readonly panel: LivePanel; readonly words: Words };
  #at?: { readonly scales: Scales; readonly width: number };
  /** The x value under the pointer. */
  #pointed: number | undefined;

  /** @param tools Controls beside the title. */
  constructor(...tools: readonly HTMLElement[]) {
    const head = html("div", { class: "head" }, this.#title, ...tools);
    this.element = html("figure", { class: "chart" }, head, this.#legend, this.#plot);
    this.#svg.addEventListener("pointermove", ({ offsetX }) => this.#point(offsetX));
    this.#svg.addEventListener("pointerleave", () => this.#leave());
    this.#svg.addEventListener("blur", () => this.#leave());
    this.#svg.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#draw()).observe(this.#plot);
  }

  /** Shows a panel; hides the chart where there is none. */
  show(panel: LivePanel | undefined, words: Words): void {
    const there = panel?.lines.some(({ points }) => points.length > 0) ? panel : undefined;
    this.element.hidden = !there;
    if (!there) return;
    const lines = there.lines.filter(({ points }) => points.length > 0);
    this.#shown = { panel: { ...there, lines }, words };
    this.#draw();
  }

  #draw() {
    const width = this.#plot.clientWidth;
    if (!this.#shown || width === 0) return;
    const { panel } = this.#shown, scales = createScales(panel, width);
    this.#at = { scales, width };
    this.#title.textContent = panel.title ?? panel.y.title;
    const named = panel.lines.filter(({ faint }) => !faint);
    const entries = named.map(({ name, end, color }) => [name, end, color]);
    refill(this.#legend, entries, () => named.map(legendEntry));
    this.#svg.setAttribute("width", String(width));
    this.#svg.setAttribute("aria-label", altText({ ...panel, lines: named }));
    this.#svg.replaceChildren(...drawPanel(panel, scales, width));
    this.#mark();
  }

  #point(pixel: number) {
    const { panel: { x: { domain: [low, high] } } } = this.#shown!, { width } = this.#at!;
    const share = (pixel - BOX.left) / (width - BOX.left - BOX.right);
    this.#pointed = low + share * (high - low);
    this.#mark();
  }

  #leave() {
    this.#pointed = undefined;
    this.#mark();
  }

  #key(event: KeyboardEvent) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key], shown = this.#shown;
    if (!step || !shown) return;
    event.preventDefault();
    const all = shown.panel.lines.flatMap(({ points }) => points.map(({ x }) => x));
    const places = [...new Set(all)].sort((a, b) => a - b), from = this.#pointed;
    const ahead = step > 0
      ? places.find((x) => from === undefined || x > from)
      : places.findLast((x) => from === undefined || x < from);
    this.#pointed = ahead ?? from;
    this.#mark();
  }

  /** Marks the points nearest to the pointer, and shows their values. */
  #mark() {
    this.#svg.querySelector(".marks")?.remove();
    this.#tip.hidden = this.#pointed === undefined;
    if (this.#pointed === undefined) return;
    const { panel: { lines }, words } = this.#shown!, { scales, width } = this.#at!;
    const readout = readAt(lines, this.#pointed);
    this.#svg.append(drawMarks(readout, scales));
    this.#tip.replaceChildren(
      html("div", {}, words.x(readout.x)),
      ...readout.values.map(({ line, point }) =>
        html("div", {}, swatch(line), `${line.name} `, html("b", {}, words.y(point.y)))
      ),
    );
    this.#placeTip(scales.x(readout.x), width);
  }

  /** Places the tooltip on the side with more room. */
  #placeTip(left: number, width: number) {
    const beyond = left > width / 2;
    this.#tip.style.left = beyond ? "" : `${left + 10}px`;
    this.#tip.style.right = beyond ? `${width - left + 10}px` : "";
  }
}
