/// <reference lib="dom" />
/**
 * The connection to the server: a copy of its view, kept up to date.
 *
 * @module
 */
import { applyChange, type Change } from "../changes.ts";
import type { View } from "../view.ts";

/** Milliseconds until a page asks again where the browser has given up. */
const AGAIN = 1000;

/** How the connection stands: `left out` where too many pages listen. */
export type Link = "open" | "lost" | "left out";

/** What a page knows. */
export interface Live {
  readonly view?: View | undefined;
  readonly link: Link;
  /** The server's clock less this one, in milliseconds. */
  readonly ahead: number;
}

/** Listens to the server for good; calls back on every change. */
export function listen(changed: (live: Live) => void): void {
  let view: View | undefined, link: Link = "lost", ahead = 0;
  const update = () => changed({ view, link, ahead });
  const read = (event: Event) => {
    const data = JSON.parse((event as MessageEvent<string>).data);
    ahead = data.now - Date.now();
    return data;
  };
  const connect = () => {
    const source = new EventSource("/events");
    source.addEventListener("view", (event) => {
      view = read(event).view;
      link = "open";
      update();
    });
    source.addEventListener("changes", (event) => {
      for (const change of read(event).changes as Change[]) applyChange(view!, change);
      update();
    });
    source.addEventListener("enough", () => {
      source.close();
      link = "left out";
      update();
    });
    source.addEventListener("error", () => {
      if (link !== "left out") link = "lost";
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, AGAIN);
      update();
    });
  };
  const back = () => {
    if (link !== "left out" || document.hidden) return;
    link = "lost";
    connect();
  };
  addEventListener("focus", back);
  document.addEventListener("visibilitychange", back);
  connect();
}
