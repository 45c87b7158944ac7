/**
 * The worker of the live page: stores the events that the program sends, and serves the page.
 *
 * @module
 */
import { settledWithin } from "../../src/platform/settled_within.ts";
import { PendingChanges } from "./changes.ts";
import type { LiveEvent } from "./events.ts";
import { serve, type Server } from "./http/serve.ts";
import type { LiveRequest, LiveResponse } from "./messages.ts";
import { renderPage } from "./page.ts";
import { answer, HOSTNAME } from "./server.ts";
import { ViewStore } from "./store.ts";
import { eventText, Streams } from "./streams.ts";

declare const self: {
  postMessage(response: LiveResponse): void;
  onmessage: ((event: MessageEvent<LiveRequest>) => void) | null;
  close(): void;
};

/** Milliseconds between messages to a page, and until a page reconnects. */
const EVERY = 250, RETRY = 1000;

/** Milliseconds that pages have to receive the end. */
const PATIENCE = 1000;

const store = new ViewStore(), streams = new Streams(), pending = new PendingChanges();
let server: Server | undefined, timer: ReturnType<typeof setTimeout> | undefined;

function flush() {
  clearTimeout(timer);
  timer = undefined;
  if (pending.size === 0) return;
  streams.send(eventText("changes", { now: Date.now(), changes: pending.drain() }));
}

function show(event: LiveEvent) {
  const changes = store.apply(event);
  if (streams.count === 0) return;
  pending.add(changes);
  timer ??= setTimeout(flush, EVERY);
}

const firstText = () =>
  `retry: ${RETRY}\n` + eventText("view", { now: Date.now(), view: store.view });

async function open(port: number) {
  const page = await renderPage(), events = () => streams.open(firstText());
  try {
    server = serve({ hostname: HOSTNAME, port }, (request) => answer(request, { page, events }));
    self.postMessage({ kind: "open", port: server.port });
  } catch (error) {
    const inUse = error instanceof Deno.errors.AddrInUse;
    self.postMessage({ kind: "fault", inUse, text: `${error}` });
  }
}

async function end() {
  // A program that has not sent its end has failed.
  if (store.view.ended === null) show({ kind: "end", status: "failed" });
  flush();
  streams.end();
  if (server) await settledWithin(server.shutdown(), PATIENCE);
  self.postMessage({ kind: "closed" });
  self.close();
}

self.onmessage = ({ data }) => {
  if (data.kind === "open") open(data.port);
  else if (data.kind === "close") end();
  else show(data.event);
};
