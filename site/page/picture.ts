/// <reference lib="dom" />
/**
 * The picture of LSUV's walk with its controls.
 *
 * @module
 */
import { html, refill } from "../../tasks/live/page/dom.ts";
import type { Images } from "../net/images.ts";
import type { Setting } from "../net/setting.ts";
import type { Frame } from "../net/walk.ts";
import { byId } from "./elements.ts";
import { drawMaps } from "./maps.ts";
import { type Moment, Player } from "./player.ts";
import { drawVariances } from "./variance_chart.ts";
import { describeStep, number } from "./words.ts";

/** Milliseconds for which the weights as drawn are shown before LSUV starts. */
const FIRST_LOOK = 900;

/** The picture. */
export class Picture {
  readonly #svg = byId("variance", SVGSVGElement);
  readonly #maps = byId("maps", HTMLCanvasElement);
  readonly #step = byId("step", HTMLElement);
  readonly #play = byId("play", HTMLButtonElement);
  readonly #done = byId("done", HTMLInputElement);
  readonly #doneValue = byId("done-value", HTMLOutputElement);
  readonly #rows = byId("numbers", HTMLTableElement).tBodies[0]!;
  readonly #player = new Player((moment, isPlaying) => this.#draw(moment, isPlaying));
  #layers = 0;
  #sees: Images | undefined;
  #drawn: readonly number[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shownMaps: unknown;

  constructor() {
    this.#play.addEventListener("click", () => this.#toggle());
    this.#done.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#player.seek(this.#done.valueAsNumber);
    });
    const redraw = () => {
      this.#shownMaps = undefined;
      this.#player.draw();
    };
    new ResizeObserver(redraw).observe(this.#svg);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  }

  /** Starts the picture of a setting, whose frames come. */
  reset({ depth }: Setting): void {
    clearTimeout(this.#timer);
    this.#player.reset(depth);
    this.#layers = depth;
    this.#done.max = String(depth);
  }

  /** Takes a frame; the walk starts by itself after a first look. */
  add(frame: Frame): void {
    if (frame.done === 0) {
      this.#drawn = frame.variances;
      this.#play.disabled = this.#done.disabled = false;
      this.#timer = setTimeout(() => this.#player.play(), FIRST_LOOK);
    }
    this.#player.add(frame);
    if (frame.done === this.#layers) this.#list(frame.variances);
  }

  /** Shows the image whose outputs are shown. */
  see(images: Images): void {
    this.#sees = images;
  }

  /** Says what went wrong. */
  fail(message: string): void {
    this.#step.textContent = `The picture cannot be computed: ${message}`;
    this.#step.className = "fault";
  }

  #toggle() {
    clearTimeout(this.#timer);
    if (this.#player.isPlaying) this.#player.pause();
    else this.#player.play();
    this.#label();
  }

  #label() {
    const { isPlaying, isOver } = this.#player;
    this.#play.textContent = isPlaying ? "Pause" : isOver ? "Once more" : "Run LSUV";
  }

  #draw(moment: Moment, isPlaying: boolean) {
    const { frames, done, variances } = moment, frame = frames[done]!;
    const range = [...this.#drawn, ...frames.flatMap(({ variances }) => variances)];
    drawVariances(this.#svg, { drawn: this.#drawn, now: variances, done }, range);
    if (this.#shownMaps !== frame) drawMaps(this.#maps, frame.maps, this.#sees);
    this.#shownMaps = frame;
    const words = describeStep(this.#drawn, frames[done - 1]?.variances, frame.variances, done);
    this.#step.className = "";
    this.#step.textContent = words;
    this.#svg.setAttribute("aria-label", `Variance of the output by layer. ${words}`);
    this.#maps.setAttribute(
      "aria-label",
      `Outputs of the layers to one image, when LSUV has scaled ${done} of ${this.#layers} layers`,
    );
    this.#done.value = String(done);
    this.#doneValue.textContent = `${done} of ${this.#layers}`;
    // Assistive technology hears the end of a walk, not every layer of it.
    this.#step.setAttribute("aria-live", isPlaying ? "off" : "polite");
    this.#label();
  }

  #list(after: readonly number[]) {
    refill(
      this.#rows,
      [this.#drawn.map(String), after.map(String)],
      () =>
        after.map((variance, i) =>
          html(
            "tr",
            {},
            html("td", {}, String(i + 1)),
            html("td", { "data-value": this.#drawn[i]! }, number(this.#drawn[i]!)),
            html("td", { "data-value": variance }, variance.toFixed(4)),
          )
        ),
    );
  }
}
