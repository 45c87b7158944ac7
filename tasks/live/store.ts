/**
 * The state of the live page, updated by events.
 *
 * @module
 */
import { applyChange, type Change } from "./changes.ts";
import type { LiveEvent, LiveRunEvent } from "./events.ts";
import { RunStore } from "./run_store.ts";
import type { View } from "./view.ts";

/** Stores the view. */
export class ViewStore {
  /** The current view. */
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
  /** Runs that may still have events. */
  readonly #runs = new Map<string, RunStore>();

  /** Applies an event; returns its changes. */
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
      case "shards":
        return [[["grid", "shards"], event.shards]];
      case "end":
        return [[["status"], event.status], [["ended"], Date.now()]];
    }
  }

  #run(key: string, event: LiveRunEvent): readonly Change[] {
    if (event.kind === "start") {
      const run = new RunStore(key, event.facts), past = this.#reducePast();
      this.#runs.set(key, run);
      const shown = event.isElsewhere ? this.#following() ?? key : key;
      return [...past, ...run.start(), [["current"], shown], [["status"], "running"]];
    }
    const run = this.#runs.get(key);
    if (!run) {
      throw new Error(`live: expected a run that has started, found ${event.kind} of ${key}`);
    }
    return run.apply(event);
  }

  /** The key of the shown run while it trains: one of another program is shown where none is. */
  #following(): string | undefined {
    const { current, runs } = this.view;
    return current !== null && runs[current]?.status === "running" ? current : undefined;
  }

  /** Reduces the points of the runs that have ended. */
  #reducePast(): Change[] {
    const ended = [...this.#runs].filter(([key]) => this.view.runs[key]!.status !== "running");
    return ended.map(([key, run]) => {
      this.#runs.delete(key);
      return run.reduce();
    });
  }
}
