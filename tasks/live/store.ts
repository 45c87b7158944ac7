/**
 * The live page's content: every piece of news changes it.
 *
 * @module
 */
import { apply, type Change } from "./changes.ts";
import type { News, RunNews } from "./events.ts";
import { Running } from "./run_store.ts";
import type { View } from "./view.ts";

/** Keeps the view. */
export class Board {
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
  /** Runs that may still be told of. */
  readonly #running = new Map<string, Running>();

  /** Takes in a piece of news; what it has changed. */
  tell(news: News): readonly Change[] {
    const changes = this.#changes(news);
    for (const change of changes) apply(this.view, change);
    return changes;
  }

  #changes(news: News): readonly Change[] {
    switch (news.kind) {
      case "whole":
        return Object.entries(news.facts).map(([name, value]) => [[name], value]);
      case "run":
        return this.#run(news.key, news.news);
      case "grid":
        return [[["grid"], news.grid]];
      case "cell":
        return [[["grid", "cells", news.place], news.cell]];
      case "end":
        return [[["status"], news.status], [["ended"], Date.now()]];
    }
  }

  #run(key: string, news: RunNews): readonly Change[] {
    if (news.kind === "begin") {
      const begun = new Running(key, news.facts), past = this.#past();
      this.#running.set(key, begun);
      return [...past, ...begun.begin(), [["current"], key], [["status"], "running"]];
    }
    const run = this.#running.get(key);
    if (!run) throw new Error(`watch: expected a run that has begun, found ${news.kind} of ${key}`);
    return run.tell(news);
  }

  /** Fewer points of the runs that have ended, of which nothing more is told. */
  #past(): Change[] {
    const ended = [...this.#running].filter(([key]) => this.view.runs[key]!.status !== "running");
    return ended.map(([key, run]) => {
      this.#running.delete(key);
      return run.past();
    });
  }
}
