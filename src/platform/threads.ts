/**
 * Worker threads on every platform: the workers of browsers, Deno and Bun, and the threads of Node.
 *
 * @module
 */
import { builtin } from "./builtin.ts";
import { findFiles } from "./files.ts";

/** A worker thread, as the library uses one. */
export interface WorkerThread {
  /** Sends it a message. */
  postMessage(message: unknown): void;
  /** Ends it. */
  terminate(): unknown;
}

/** What happens in a worker thread. */
export interface WorkerEvents {
  /** Called with each message that it sends. */
  readonly onMessage?: (message: unknown) => void;
  /** Called when it could not start, or failed; the error is not reported otherwise. */
  readonly onError?: () => void;
}

/** Node's end of a thread, or of its port. */
interface NodePort extends WorkerThread {
  on(event: "message" | "error", listener: (message: unknown) => void): void;
  once(event: "message", listener: (message: unknown) => void): void;
  unref(): void;
  close(): void;
}

interface NodeThreads {
  readonly Worker: new (url: URL) => NodePort;
  readonly parentPort: NodePort | null;
}

/** Node's threads, where the platform has no workers like a browser's. */
const nodeThreads = (): NodeThreads | undefined =>
  typeof Worker === "function" ? undefined : builtin<NodeThreads>("node:worker_threads");

/** The address of a module; undefined in a script that has none of its own, as of a blob. */
function addressOf(url: () => URL): URL | undefined {
  try {
    return url();
  } catch {
    return undefined;
  }
}

/**
 * Why no worker thread can be started that shares memory with this one; undefined where it can. A
 * permission is queried first, so that the user is not asked for it.
 *
 * @param url The module of the thread.
 */
export function whyNoThreads(url: () => URL): string | undefined {
  if (typeof SharedArrayBuffer !== "function") {
    return "no shared memory, which browsers have on cross-origin isolated pages only";
  }
  if (typeof Worker !== "function" && !nodeThreads()) return "no worker threads";
  const module = addressOf(url);
  if (!module) return "no address of the worker's module, as in a script that is not a module";
  const { protocol } = module;
  if (protocol !== "file:" || (findFiles()?.mayAccess("read", module) ?? true)) return undefined;
  return "no permission to read the worker's module, which --allow-read gives";
}

/**
 * Starts a worker thread.
 *
 * @param worker Starts a worker as a browser's; an expression of the form that bundlers recognize.
 * @param url The same module for Node. There the thread does not keep the program alive: from the start, or
 * where it sends messages, from the first one on.
 */
export function startThread(
  worker: () => Worker,
  url: () => URL,
  { onMessage, onError = () => {} }: WorkerEvents = {},
): WorkerThread {
  const threads = nodeThreads();
  if (!threads) {
    const started = worker();
    started.onmessage = ({ data }) => onMessage?.(data);
    started.onerror = (event) => {
      event.preventDefault();
      onError();
    };
    return started;
  }
  const started = new threads.Worker(url());
  if (!onMessage) started.unref();
  started.on("message", (message) => {
    started.unref();
    onMessage?.(message);
  });
  started.on("error", onError);
  return started;
}

/** The global scope of a worker thread, of which the DOM's types know no member. */
interface WorkerScope {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/**
 * Waits, in a worker thread, for its first message, works on it, and ends the thread.
 *
 * @param work It may reply to the thread's starter.
 */
export function serveOnce<T>(work: (message: T, reply: (message: unknown) => void) => void): void {
  const port = nodeThreads()?.parentPort;
  if (port) {
    port.once("message", (message) => {
      work(message as T, (reply) => port.postMessage(reply));
      port.close();
    });
    return;
  }
  const scope = globalThis as unknown as WorkerScope;
  scope.onmessage = ({ data }) => {
    scope.onmessage = null;
    work(data, (reply) => scope.postMessage(reply));
    scope.close();
  };
}
