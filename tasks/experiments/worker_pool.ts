/**
 * Runs of an experiment side by side, each on a thread of its own. Threads rather than processes: they
 * end with the program however it ends, and none of them goes on writing.
 *
 * @module
 */
import type { PlannedCell } from "./cells.ts";
import type { DataSource } from "./load_data.ts";
import type { Grid } from "./grid.ts";
import type { News } from "../live/events.ts";
import type { CellOutcome } from "./outcome.ts";

/** What a thread is told. */
export type Order =
  | { readonly kind: "begin"; readonly about: About }
  | { readonly kind: "make"; readonly cell: PlannedCell }
  | { readonly kind: "stop" };

/** What runs are made with, as a thread can be told it. */
export interface About {
  readonly out: string;
  readonly source: DataSource;
  readonly checkpointEvery: number;
  /** Whether there is a live page to be told of runs. */
  readonly watched: boolean;
}

/** What a thread tells. */
export type Reply =
  | { readonly kind: "say"; readonly line: string }
  | { readonly kind: "news"; readonly news: News }
  | { readonly kind: "made"; readonly came: CellOutcome };

/** Threads that make runs. */
export interface Crew extends Disposable {
  /** Each makes one run at a time. */
  readonly members: readonly ((cell: PlannedCell) => Promise<CellOutcome>)[];
}

function start({ out, source, checkpointEvery, signal, reporter, watch }: Grid) {
  const worker = new Worker(new URL("./cell_worker.ts", import.meta.url), { type: "module" });
  const tell = (order: Order) => worker.postMessage(order);
  const stop = () => tell({ kind: "stop" });
  let fault: CellOutcome | undefined;
  tell({ kind: "begin", about: { out, source, checkpointEvery, watched: watch !== undefined } });
  signal.addEventListener("abort", stop);
  const make = (cell: PlannedCell) =>
    new Promise<CellOutcome>((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<Reply>) => {
        if (data.kind === "say") reporter.say(`${cell.run}: ${data.line}`);
        else if (data.kind === "news") watch?.tell(data.news);
        else resolve(data.came);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        fault = { status: "failed", message: event.message };
        resolve(fault);
      };
      if (fault) resolve(fault);
      else tell({ kind: "make", cell });
    });
  const end = () => {
    signal.removeEventListener("abort", stop);
    worker.terminate();
  };
  return { make, end };
}

/** Starts the threads of a grid. */
export function hire(grid: Grid): Crew {
  const all = Array.from({ length: Math.min(grid.jobs, grid.cells.length) }, () => start(grid));
  return {
    members: all.map(({ make }) => make),
    [Symbol.dispose]: () => all.forEach(({ end }) => end()),
  };
}
