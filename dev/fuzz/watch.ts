/**
 * Fuzzes a format in a worker that is watched: a file that takes too long is a find, and the next one goes on.
 *
 * @module
 */
import { type Find, openFormat, recipeOf } from "./judge.ts";
import { FORMATS } from "./formats/mod.ts";
import type { Counts, Span } from "./run.ts";
import type { FuzzRequest, FuzzResponse } from "./worker.ts";

/** Milliseconds that a file has, and between looks. */
const PATIENCE = 20_000, EVERY = 500;

/** How a watched run ended: all files are read, or the one of a number did not end. */
type Outcome = Counts | { readonly hung: number };

/** Runs a span in a worker until it ends, or one of its files takes too long. */
function runInWorker(span: Span, found: (find: Find) => void): Promise<Outcome> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const at = new SharedArrayBuffer(4), place = new Int32Array(at).fill(-1);
  let last = -1, since = performance.now();
  return new Promise<Outcome>((resolve, reject) => {
    const timer = setInterval(() => {
      const now = Atomics.load(place, 0);
      if (now !== last) [last, since] = [now, performance.now()];
      else if (now >= 0 && performance.now() - since > PATIENCE) resolve({ hung: now });
    }, EVERY);
    worker.onmessage = ({ data }: MessageEvent<FuzzResponse>) => {
      if (data.kind === "find") return found(data.find);
      clearInterval(timer);
      if (data.kind === "end") resolve(data.counts);
      else reject(new Error(data.text));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      clearInterval(timer);
      reject(new Error(event.message));
    };
    const request: FuzzRequest = { ...span, at };
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}

/** Fuzzes a format; calls back with each find. */
export async function watchFormat(span: Span, found: (find: Find) => void): Promise<Counts> {
  let files = 0, from = span.from;
  while (from < span.to) {
    const outcome = await runInWorker({ ...span, from }, found);
    if (!("hung" in outcome)) {
      return { files: files + outcome.files, accepted: outcome.accepted };
    }
    const open = await openFormat(FORMATS[span.order]!), { hung } = outcome;
    found({ ...recipeOf(open, span.seed, span.order, hung), fault: "it does not end" });
    files += hung + 1 - from;
    from = hung + 1;
  }
  return { files, accepted: 0 };
}
