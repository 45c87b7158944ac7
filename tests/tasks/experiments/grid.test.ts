import { assert, assertEquals, assertRejects } from "@std/assert";
import { planCells } from "../../../tasks/experiments/cells.ts";
import type { GridEvent } from "../../../tasks/experiments/events.ts";
import { type Grid, runGrid } from "../../../tasks/experiments/grid.ts";
import { createDataLoader } from "../../../tasks/experiments/load_data.ts";
import { createWorkerPool } from "../../../tasks/experiments/worker_pool.ts";
import { folderOf } from "../../data/fixtures.ts";
import { pause } from "../../pause.ts";
import { recordOf } from "./record.ts";
import { SMALL } from "./small.ts";

const OPTIONS = { dataset: "procedural", device: "cpu", threads: 1, epochs: 1 };
const SOURCE = { trains: "mnist", dataset: "procedural", quiet: true } as const;

const smallCells = () => planCells(SMALL, { length: "quick", seeds: [0], options: OPTIONS });

/** The small experiment, to be run in a folder. */
const gridIn = (out: string, signal: AbortSignal, jobs = 1): Grid => ({
  out,
  trains: "mnist",
  loadData: createDataLoader(SOURCE),
  signal,
  checkpointEvery: 60,
  record: recordOf({}, OPTIONS),
  cells: smallCells(),
  source: SOURCE,
  jobs,
});

/** An event by its kind, and the kind of what happens in a run. */
const kindOf = (event: GridEvent): string =>
  event.kind === "run" ? `run: ${event.event.kind}` : event.kind;

Deno.test("a grid emits its start, and for each run its start, its events and its end", async () => {
  await using folder = await folderOf({});
  const events: GridEvent[] = [], stopping = new AbortController();
  const record = await runGrid(gridIn(folder.path, stopping.signal), (event) => {
    events.push(event);
    if (events.filter(({ kind }) => kind === "cell end").length === 2) stopping.abort();
  });
  const ran = (probes: number, ...others: string[]) => [
    "cell start",
    "run: start",
    "run: initialization",
    ...Array(probes).fill("run: layers"),
    ...others,
    "cell end",
  ];
  const kinds = events.map(kindOf).filter((kind) => !/step|forecast|checkpoint/.test(kind));
  const trained = ["run: memory", "run: epoch", "run: layers", "run: weights", "run: end"];
  assertEquals(kinds, ["start", ...ran(2, ...trained), ...ran(2, ...trained)]);
  assertEquals(record.cells.map(({ status }) => status), ["n/c", "n/c", "pending", "pending"]);
  const last = events.at(-1);
  assert(last?.kind === "cell end");
  assertEquals([last.index, last.record, last.cell], [1, record, record.cells[1]!]);
});

Deno.test("an observer receives one event of a grid at a time, even if several runs emit them", async () => {
  await using folder = await folderOf({});
  let busy = 0, most = 0, ended = 0;
  await runGrid(gridIn(folder.path, new AbortController().signal, 2), async (event) => {
    most = Math.max(most, ++busy);
    if (event.kind !== "run") await pause(1);
    if (event.kind === "cell end") {
      ended++;
      assertEquals(
        event.record.cells.filter(({ status }) => status !== "pending").length,
        ended,
      );
    }
    busy--;
  });
  assertEquals([most, ended], [1, 4]);
});

Deno.test("a run on a thread fails with its observer", async () => {
  await using folder = await folderOf({});
  const context = { out: folder.path, source: SOURCE, checkpointEvery: 60 };
  using pool = createWorkerPool(1, context, new AbortController().signal);
  const observer = () => {
    throw new Error("expected room for a file, found none");
  };
  await assertRejects(
    () => pool.runners[0]!(smallCells()[0]!, observer),
    Error,
    "expected room for a file, found none",
  );
});
