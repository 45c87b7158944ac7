/// <reference lib="dom" />
/**
 * Plays LSUV's walk: between two layers the picture moves smoothly.
 *
 * @module
 */
import type { Frame } from "../net/walk.ts";
import { shown } from "./scale.ts";

/** Milliseconds for all layers of a net, and at most for one. */
const ALL = 5600, EACH = 420;

/** A state of the picture between two frames. */
export interface Moment {
  readonly frames: readonly Frame[];
  /** The layers that LSUV has scaled, and the variances on the way to that. */
  readonly done: number;
  readonly variances: readonly number[];
}

/** The variances between two frames, on a logarithmic scale. */
function between(from: readonly number[], to: readonly number[], share: number): number[] {
  if (share >= 1) return [...to];
  return to.map((value, i) =>
    Math.exp(Math.log(shown(from[i]!)) * (1 - share) + Math.log(shown(value)) * share)
  );
}

/** Slow at both ends. */
const ease = (share: number): number => share * share * (3 - 2 * share);

/** Whether the visitor asked for less motion. */
const still = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A player of frames, which may arrive while it plays. */
export class Player {
  readonly #show: (moment: Moment, isPlaying: boolean) => void;
  #frames: Frame[] = [];
  /** The place in the walk: the frame shown, and the share of the way from the one before. */
  #place = 0;
  #layers = 0;
  #since: number | undefined;
  #requested = 0;

  /** @param show Draws a moment. */
  constructor(show: (moment: Moment, isPlaying: boolean) => void) {
    this.#show = show;
  }

  /** Whether it plays. */
  get isPlaying(): boolean {
    return this.#since !== undefined;
  }

  /** Whether the whole walk has been shown. */
  get isOver(): boolean {
    return this.#layers > 0 && this.#place >= this.#layers;
  }

  /** Starts a new walk of a net with this many layers. */
  reset(layers: number): void {
    this.pause();
    this.#frames = [];
    this.#place = 0;
    this.#layers = layers;
  }

  /** Takes the next frame. */
  add(frame: Frame): void {
    this.#frames[frame.done] = frame;
    if (frame.done === 0) this.draw();
  }

  /** Plays from here, or from the start once it is over; at once where less motion is asked for. */
  play(): void {
    if (this.isOver) this.#place = 0;
    this.#since = performance.now();
    if (this.#requested === 0) this.#requested = requestAnimationFrame((now) => this.#tick(now));
  }

  /** Stops where it is. */
  pause(): void {
    this.#since = undefined;
    cancelAnimationFrame(this.#requested);
    this.#requested = 0;
  }

  /** Goes to a frame. */
  seek(done: number): void {
    this.pause();
    this.#place = Math.min(done, this.#frames.length - 1);
    this.draw();
  }

  /** Draws the present moment. */
  draw(): void {
    const to = Math.ceil(this.#place), frame = this.#frames[to];
    if (!frame) return;
    const from = this.#frames[Math.max(0, to - 1)]!, share = ease(1 - (to - this.#place));
    const variances = between(from.variances, frame.variances, share);
    this.#show({ frames: this.#frames, done: to, variances }, this.isPlaying);
  }

  #tick(now: number) {
    this.#requested = 0;
    if (this.#since === undefined) return;
    const ready = this.#frames.length - 1,
      step = (now - this.#since) / Math.min(EACH, ALL / this.#layers);
    this.#since = now;
    this.#place = still() ? ready : Math.min(this.#place + step, ready);
    if (this.#place >= this.#layers) this.pause();
    else this.#requested = requestAnimationFrame((now) => this.#tick(now));
    this.draw();
  }
}
