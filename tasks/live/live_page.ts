/**
 * The live page as a task sees it: events are sent to it, and the task never waits for it.
 *
 * @module
 */
import { settledWithin } from "../../src/platform/settled_within.ts";
import { TaskError } from "../cli/command.ts";
import { OptionError } from "../cli/option_table.ts";
import { watchPort, type WatchValues } from "../cli/watch_options.ts";
import type { Emit } from "./events.ts";
import type { LiveRequest, LiveResponse } from "./messages.ts";
import { HOSTNAME } from "./server.ts";

/** A live page. Disposing of it sends the end to its readers, waiting a second at most. */
export interface LivePage extends AsyncDisposable {
  readonly emit: Emit;
}

/** Milliseconds that the page's worker has to end. */
const PATIENCE = 2000;

/** The next response of a worker; an error in it is a response too. */
const nextResponse = (worker: Worker): Promise<LiveResponse> =>
  new Promise((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<LiveResponse>) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      resolve({ kind: "fault", inUse: false, text: event.message });
    };
  });

/** The error of a page that could not be opened. */
const openError = (port: number, response: LiveResponse): Error =>
  response.kind === "fault" && !response.inUse
    ? new TaskError(`--watch: expected to serve a page at port ${port}, found ${response.text}`)
    : new OptionError(`--watch-port: expected a free port, found ${port} taken by a program`);

/** Whether a page could not be opened because its port is taken. */
const isTaken = (response: LiveResponse): boolean => response.kind === "fault" && response.inUse;

/** How a page is opened. */
export interface PageOptions {
  readonly print?: (line: string) => void;
  /** Whether any port is taken where the usual one is not free. */
  readonly orAnyPort?: boolean;
}

/**
 * Opens the page where the options ask for one, and prints its address. Throws an
 * {@linkcode OptionError} where the port is taken.
 */
export async function openLivePage(
  values: WatchValues,
  { print = console.error, orAnyPort = false }: PageOptions = {},
): Promise<LivePage | undefined> {
  const port = watchPort(values);
  if (port === undefined) return undefined;
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const send = (request: LiveRequest) => worker.postMessage(request);
  const open = (port: number) => {
    send({ kind: "open", port });
    return nextResponse(worker);
  };
  const first = await open(port), isFree = !isTaken(first) || values["watch-port"] !== undefined;
  const opened = isFree || !orAnyPort ? first : await open(0);
  if (opened.kind !== "open") {
    worker.terminate();
    throw openError(port, opened);
  }
  print(`live page: http://${HOSTNAME}:${opened.port}/`);
  const ended = nextResponse(worker).then((last) => {
    if (last.kind === "fault") print(`the live page has ended, training continues: ${last.text}`);
  });
  return {
    emit: (event) => send({ kind: "event", event }),
    async [Symbol.asyncDispose]() {
      send({ kind: "close" });
      await settledWithin(ended, PATIENCE);
      worker.terminate();
    },
  };
}
