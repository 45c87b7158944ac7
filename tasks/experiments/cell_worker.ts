/**
 * A worker that trains runs of an experiment on request.
 *
 * @module
 */
import type { PlannedCell } from "./cells.ts";
import { createDataLoader } from "./load_data.ts";
import type { WorkerContext, WorkerRequest, WorkerResponse } from "./messages.ts";
import type { CellOutcome } from "./outcome.ts";
import { runCell } from "./run_cell.ts";

const port = self as unknown as {
  onmessage: ((event: MessageEvent<WorkerRequest>) => void) | null;
  postMessage(response: WorkerResponse): void;
};
const stopping = new AbortController();
let run: (cell: PlannedCell) => Promise<CellOutcome>;

function open({ out, source, checkpointEvery, shared }: WorkerContext): typeof run {
  const { trains, images } = source, { signal } = stopping;
  const loadData = createDataLoader(source);
  const context = { out, trains, images, loadData, signal, checkpointEvery, shared };
  return (cell) => runCell(context, cell, (event) => port.postMessage({ kind: "event", event }));
}

port.onmessage = async ({ data }) => {
  if (data.kind === "open") run = open(data.context);
  else if (data.kind === "stop") stopping.abort();
  else port.postMessage({ kind: "outcome", outcome: await run(data.cell) });
};
