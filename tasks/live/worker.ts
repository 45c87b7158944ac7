/**
 * The thread of the live page: it keeps what the training tells, and serves it.
 *
 * @module
 */
import { Board } from "./store.ts";
import { Waiting } from "./changes.ts";
import type { Asked, Told } from "./messages.ts";
import type { News } from "./events.ts";
import { pageOf } from "./page.ts";
import { answer, HOSTNAME } from "./server.ts";
import { eventText, Streams } from "./streams.ts";

declare const self: {
  postMessage(told: Told): void;
  onmessage: ((event: MessageEvent<Asked>) => void) | null;
  close(): void;
};

/** Milliseconds between two messages to a page, and until a page asks again once there is no server. */
const EVERY = 250, RETRY = 1000;

/** Milliseconds that pages have to read the end. */
const PATIENCE = 1000;

const board = new Board(), streams = new Streams(), waiting = new Waiting();
let server: Deno.HttpServer | undefined, timer: ReturnType<typeof setTimeout> | undefined;

function flush() {
  clearTimeout(timer);
  timer = undefined;
  if (waiting.size === 0) return;
  streams.send(eventText("changes", { now: Date.now(), changes: waiting.take() }));
}

function take(news: News) {
  const changes = board.tell(news);
  if (streams.count === 0) return;
  waiting.add(changes);
  timer ??= setTimeout(flush, EVERY);
}

const begin = () => `retry: ${RETRY}\n` + eventText("view", { now: Date.now(), view: board.view });

async function open(port: number) {
  const page = await pageOf(), events = () => streams.open(begin());
  try {
    server = Deno.serve({
      hostname: HOSTNAME,
      port,
      onListen: ({ port }) => self.postMessage({ kind: "open", port }),
      onError: () => new Response(null, { status: 500 }),
    }, (request) => answer(request, { page, events }));
  } catch (error) {
    const inUse = error instanceof Deno.errors.AddrInUse;
    self.postMessage({ kind: "fault", inUse, text: `${error}` });
  }
}

async function end() {
  // What has said nothing of its end has not come to one.
  if (board.view.ended === null) take({ kind: "end", status: "failed" });
  flush();
  streams.end();
  const ended = server?.shutdown();
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  self.postMessage({ kind: "closed" });
  self.close();
}

self.onmessage = ({ data }) => {
  if (data.kind === "open") open(data.port);
  else if (data.kind === "close") end();
  else take(data);
};
