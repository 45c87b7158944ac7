/// <reference lib="dom" />
/**
 * The form that trains nets side by side.
 *
 * @module
 */
import type { DeviceName } from "../../mod.ts";
import type { Splits } from "../net/images.ts";
import type { InitName, Setting } from "../net/setting.ts";
import { Comparison } from "./comparison.ts";
import { byId } from "./elements.ts";
import { Lane } from "./lane.ts";

/** The nets that train side by side. */
export class Trainer {
  readonly #form = byId("training", HTMLFormElement);
  readonly #stop = byId("stop", HTMLButtonElement);
  readonly #state = byId("train-state", HTMLElement);
  readonly #comparison = new Comparison(
    byId("curves", HTMLElement),
    byId("results", HTMLTableElement),
    byId("notes", HTMLElement),
  );
  #lanes: readonly Lane[] = [];
  #steps = 0;
  #requested = false;

  /** @param start What a training starts from: the setting and the images, once there are any. */
  constructor(start: () => readonly [Setting, Splits | undefined]) {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#train(...start());
    });
    this.#stop.addEventListener("click", () => this.stop());
  }

  /** Stops all. */
  stop(): void {
    for (const lane of this.#lanes) lane.stop();
  }

  /** Forgets all, since the net or the images are others now. */
  clear(why: string): void {
    if (this.#lanes.length === 0) return;
    this.stop();
    this.#lanes = [];
    this.#draw();
    this.#say(why);
  }

  #say(words: string) {
    if (this.#state.textContent !== words) this.#state.textContent = words;
  }

  #train(setting: Setting, images: Splits | undefined) {
    const fields = new FormData(this.#form);
    const chosen = fields.getAll("compared") as InitName[];
    if (chosen.length === 0) return this.#say("Choose at least one initialization to compare.");
    if (!images) return this.#say("The images are not there yet.");
    this.stop();
    const device = fields.get("device") as DeviceName;
    const threads = Math.max(1, Math.floor((navigator.hardwareConcurrency ?? 1) / chosen.length));
    const steps = this.#steps = Number(byId("steps", HTMLSelectElement).value);
    this.#lanes = chosen.map((init) =>
      new Lane({ setting, init, images, device, threads, steps }, () => this.#schedule())
    );
    this.#schedule();
  }

  /** Draws at the browser's next frame. */
  #schedule() {
    if (this.#requested) return;
    this.#requested = true;
    requestAnimationFrame(() => {
      this.#requested = false;
      this.#draw();
    });
  }

  #draw() {
    const running = this.#lanes.filter(({ isRunning }) => isRunning);
    this.#stop.disabled = running.length === 0;
    this.#comparison.draw(this.#lanes, this.#steps);
    if (this.#lanes.length === 0) return;
    if (running.some(({ state }) => state.status === "starting")) this.#say("Starting …");
    else if (running.length > 0) this.#say("Training …");
    else {this.#say(
        this.#lanes.some(({ state }) => state.status === "stopped") ? "Stopped." : "Done.",
      );}
  }
}
