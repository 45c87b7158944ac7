/// <reference lib="dom" />
/**
 * The connection to the server, which keeps a copy of its view up to date.
 *
 * @module
 */
import { applyChange, type Change } from "../changes.ts";
import type { View } from "../view.ts";

/** Milliseconds until the page reconnects where the browser has given up. */
const RECONNECT = 1000;

/** The state of the connection: `left out` where too many pages are connected. */
export type Link = "open" | "lost" | "left out";

/** The state of a page. */
export interface Live {
  readonly view?: View | undefined;
  readonly link: Link;
  /** The server's clock minus the page's clock, in milliseconds. */
  readonly ahead: number;
}

/** Connects to the server for as long as the page is open; calls back on every change. */
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
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, RECONNECT);
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
