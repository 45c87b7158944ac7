import { assertEquals } from "@std/assert";
import type { GridEvent } from "../../../tasks/experiments/events.ts";
import type { LiveEvent, LiveRunEvent } from "../../../tasks/live/events.ts";
import { observeGrid } from "../../../tasks/live/observe_grid.ts";
import { observeRun, replayRun } from "../../../tasks/live/observe_run.ts";
import type { StartEvent } from "../../../tasks/run/events.ts";
import type { Manifest } from "../../../tasks/run/manifest.ts";
import { folderOf } from "../../data/fixtures.ts";
import { recordOf } from "../experiments/record.ts";
import { runFiles, under } from "../report/fixtures.ts";
import { rowOf } from "./event_samples.ts";

const { settings } = recordOf().cells[0]!;

const start = (folder: string, more: Partial<StartEvent> = {}): StartEvent => ({
  kind: "start",
  folder,
  settings,
  manifest: {} as Manifest,
  stepsPerEpoch: 6,
  images: { train: 24, test: 20 },
  ...more,
});

Deno.test("a run's start has its facts, its end its status and fault", async () => {
  const events: LiveRunEvent[] = [], observe = observeRun((event) => events.push(event), "a run");
  await observe(start("runs/a"));
  await observe({ kind: "failure", fault: "no room" });
  const [first, last] = events;
  assertEquals(first, {
    kind: "start",
    facts: {
      name: "a run",
      epochs: 3,
      stepsPerEpoch: 6,
      batch: 4,
      drops: settings.dropAt,
      loss: "softmax",
      within: [0.9, 1.1],
      folder: "runs/a",
    },
  });
  assertEquals(last, { kind: "status", status: "failed", fault: "no room" });
});

Deno.test("a resumed run shows the tables of its folder up to the checkpoint", async () => {
  await using folder = await folderOf(runFiles());
  const events: LiveRunEvent[] = [], observe = observeRun((event) => events.push(event), "a run");
  const from = { step: 10, path: "", device: "cpu", epochs: [rowOf(1, 2, 100)] };
  await observe(start(folder.path, { resumed: { from, damaged: [] } }));
  const [, recorded] = events;
  assertEquals(recorded?.kind === "recorded" && recorded.tables.epochs, from.epochs);
  assertEquals(recorded?.kind === "recorded" && recorded.tables.lsuv.length, 4);
});

Deno.test("a run that has ended is shown from its folder", async () => {
  await using folder = await folderOf(runFiles());
  const events: LiveRunEvent[] = [];
  const run = { name: "a run", settings, folder: folder.path };
  await replayRun((event) => events.push(event), run);
  assertEquals(events.map(({ kind }) => kind), ["start", "recorded", "status"]);
  assertEquals(events[0]?.kind === "start" && events[0].facts.stepsPerEpoch, 10);
  assertEquals(events[2], { kind: "status", status: "finished", fault: undefined });
});

Deno.test("a resumed experiment shows its earlier runs, and each run under its folder's name", async () => {
  const record = recordOf(), [made, next] = record.cells, events: LiveEvent[] = [];
  await using folder = await folderOf(under(made!.run, runFiles()));
  const cells = record.cells.with(0, { ...made!, status: "done", accuracy: 0.6 });
  const observe = observeGrid((event) => events.push(event));
  const all: readonly GridEvent[] = [
    { kind: "start", folder: folder.path, record: { ...record, cells }, open: [] },
    { kind: "cell start", index: 1, cell: next! },
    { kind: "run", cell: next!, event: start("runs/b") },
    {
      kind: "cell end",
      index: 1,
      cell: { ...next!, status: "failed", message: "no room" },
      record,
    },
    { kind: "end", status: "finished" },
  ];
  for (const event of all) await observe(event);
  assertEquals(
    events.map((event) => event.kind === "run" ? [event.key, event.event.kind] : event.kind),
    [
      "session",
      "grid",
      [made!.run, "start"],
      [made!.run, "recorded"],
      [made!.run, "status"],
      "cell",
      [next!.run, "start"],
      "cell",
      "end",
    ],
  );
  const shown = events.flatMap((event) => event.kind === "cell" ? event.cell : []);
  assertEquals(shown.map(({ status, message }) => [status, message]), [
    ["running", undefined],
    ["failed", "no room"],
  ]);
});
