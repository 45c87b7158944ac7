/**
 * The live page as a task has it: told what happens, and never waited for.
 *
 * @module
 */
import { TaskError } from "../cli/command.ts";
import { OptionError, type Values } from "../cli/options.ts";
import type { Asked, Told } from "./messages.ts";
import type { Teller } from "./events.ts";
import { portOf, type WATCH } from "./options.ts";
import { HOSTNAME } from "./server.ts";

/** A live page. Disposing of it lets its readers have the end, for a second at most. */
export interface Watch extends Teller, AsyncDisposable {}

/** Milliseconds that its thread has to end. */
const PATIENCE = 2000;

/** What a thread says next; a fault of its own is said too. */
const next = (worker: Worker): Promise<Told> =>
  new Promise((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<Told>) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      resolve({ kind: "fault", inUse: false, text: event.message });
    };
  });

/**
 * Opens the page where the options ask for one, and prints its address. Throws an
 * {@linkcode OptionError} where the port is taken.
 */
export async function openWatch(
  values: Values<typeof WATCH>,
  print: (line: string) => void = console.error,
): Promise<Watch | undefined> {
  const port = portOf(values);
  if (port === undefined) return undefined;
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const send = (asked: Asked) => worker.postMessage(asked);
  send({ kind: "open", port });
  const opened = await next(worker);
  if (opened.kind !== "open") {
    worker.terminate();
    if (opened.kind === "fault" && !opened.inUse) {
      throw new TaskError(
        `--watch: expected to serve a page at port ${port}, found ${opened.text}`,
      );
    }
    throw new OptionError(`--watch-port: expected a free port, found ${port} taken by a program`);
  }
  print(`live page: http://${HOSTNAME}:${opened.port}/`);
  const ended = next(worker).then((told) => {
    if (told.kind === "fault") print(`the live page has ended, training goes on: ${told.text}`);
  });
  return {
    tell: send,
    async [Symbol.asyncDispose]() {
      send({ kind: "close" });
      let timer: ReturnType<typeof setTimeout> | undefined;
      await Promise.race([ended, new Promise((resolve) => timer = setTimeout(resolve, PATIENCE))]);
      clearTimeout(timer);
      worker.terminate();
    },
  };
}
