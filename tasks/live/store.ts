/**
 * The live page's content: every event changes it.
 *
 * @module
 */
import { applyChange, type Change } from "./changes.ts";
import type { LiveEvent, LiveRunEvent } from "./events.ts";
import { RunStore } from "./run_store.ts";
import type { View } from "./view.ts";

/** Keeps the view. */
export class ViewStore {
  /** What a page shows at this moment. */
  readonly view: View = {
    session: crypto.randomUUID(),
    title: "goodinit",
    command: "",
    device: "",
    status: "preparing",
    began: Date.now(),
    ended: null,
    current: null,
    grid: null,
    runs: {},
  };
  /** Runs of which events may still come. */
  readonly #runs = new Map<string, RunStore>();

  /** Takes in an event; what it has changed. */
  apply(event: LiveEvent): readonly Change[] {
    const changes = this.#changes(event);
    for (const change of changes) applyChange(this.view, change);
    return changes;
  }

  #changes(event: LiveEvent): readonly Change[] {
    switch (event.kind) {
      case "session":
        return Object.entries(event.facts).map(([name, value]) => [[name], value]);
      case "run":
        return this.#run(event.key, event.event);
      case "grid":
        return [[["grid"], event.grid]];
      case "cell":
        return [[["grid", "cells", event.index], event.cell]];
      case "end":
        return [[["status"], event.status], [["ended"], Date.now()]];
    }
  }

  #run(key: string, event: LiveRunEvent): readonly Change[] {
    if (event.kind === "start") {
      const run = new RunStore(key, event.facts), past = this.#reducePast();
      this.#runs.set(key, run);
      return [...past, ...run.start(), [["current"], key], [["status"], "running"]];
    }
    const run = this.#runs.get(key);
    if (!run) {
      throw new Error(`live: expected a run that has started, found ${event.kind} of ${key}`);
    }
    return run.apply(event);
  }

  /** Fewer points of the runs that have ended, of which nothing more comes. */
  #reducePast(): Change[] {
    const ended = [...this.#runs].filter(([key]) => this.view.runs[key]!.status !== "running");
    return ended.map(([key, run]) => {
      this.#runs.delete(key);
      return run.reduce();
    });
  }
}
