/**
 * A worker that fuzzes one format, so that a reader that does not end can be ended.
 *
 * @module
 */
import { FORMATS } from "./formats/mod.ts";
import { type Find, openFormat } from "./judge.ts";
import { type Counts, runSpan, type Span } from "./run.ts";

/** The message that starts the worker. */
export interface FuzzRequest extends Span {
  /** The number of the file that is being read, for as long as the worker does not answer. */
  readonly at: SharedArrayBuffer;
}

/** What the worker says: a find, or its counts at the end. */
export type FuzzResponse =
  | { readonly kind: "find"; readonly find: Find }
  | { readonly kind: "end"; readonly counts: Counts }
  | { readonly kind: "fault"; readonly text: string };

const port = self as unknown as {
  onmessage: ((event: MessageEvent<FuzzRequest>) => void) | null;
  postMessage(response: FuzzResponse): void;
};

async function work({ at, ...span }: FuzzRequest): Promise<FuzzResponse> {
  const place = new Int32Array(at);
  try {
    const open = await openFormat(FORMATS[span.order]!);
    const counts = open.seeds.length === 0 ? { files: 0, accepted: 0 } : await runSpan(open, span, {
      before: (file) => Atomics.store(place, 0, file),
      found: (find) => port.postMessage({ kind: "find", find }),
    });
    return { kind: "end", counts };
  } catch (error) {
    return { kind: "fault", text: error instanceof Error ? error.stack ?? `${error}` : `${error}` };
  }
}

port.onmessage = async ({ data }) => port.postMessage(await work(data));
