/**
 * A thread that makes runs of an experiment, as it is told to.
 *
 * @module
 */
import type { News } from "../live/events.ts";
import type { PlannedCell } from "./cells.ts";
import type { About, Order, Reply } from "./worker_pool.ts";
import { dataLoader } from "./load_data.ts";
import { makeCell } from "./make.ts";
import type { CellOutcome } from "./outcome.ts";

const port = self as unknown as {
  onmessage: ((event: MessageEvent<Order>) => void) | null;
  postMessage(reply: Reply): void;
};
const stopping = new AbortController();
let make: (cell: PlannedCell) => Promise<CellOutcome>;

function maker({ out, source, checkpointEvery, watched }: About): typeof make {
  const { trains, images } = source, dataOf = dataLoader(source), { signal } = stopping;
  const reporter = {
    say: (line: string) => Promise.resolve(port.postMessage({ kind: "say", line })),
    progress: () => {},
    stop: () => Promise.resolve(),
  };
  const watch = watched
    ? { tell: (news: News) => port.postMessage({ kind: "news", news }) }
    : undefined;
  const how = { out, trains, images, dataOf, reporter, signal, checkpointEvery, watch };
  return (cell) => makeCell(how, cell);
}

port.onmessage = async ({ data }) => {
  if (data.kind === "begin") make = maker(data.about);
  else if (data.kind === "stop") stopping.abort();
  else port.postMessage({ kind: "made", came: await make(data.cell) });
};
