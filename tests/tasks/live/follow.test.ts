/**
 * Following what other programs train, from their folder.
 */
import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import type { LiveEvent } from "../../../tasks/live/events.ts";
import { GridFollower } from "../../../tasks/live/follow_grid.ts";
import { Signs } from "../../../tasks/live/signs.ts";
import { ViewStore } from "../../../tasks/live/store.ts";
import { watch } from "../../../tasks/live/watch_command.ts";
import { recordPath } from "../../../tasks/experiments/record.ts";
import { schedulerJob } from "../../../tasks/run/scheduler_job.ts";
import { folderOf } from "../../data/fixtures.ts";
import { captured } from "../captured.ts";
import { smallProgram } from "../experiments/process.ts";
import { recordOf } from "../experiments/record.ts";
import { runFiles, under } from "../report/fixtures.ts";
import { sharedFolder } from "./shared_folder.ts";
import { watched } from "./tasks.ts";

Deno.test("a file's time counts until a renewal has been seen, then when it was seen", () => {
  const signs = new Signs();
  assertEquals(signs.since("a", 40_000, 100_000), 60_000);
  assertEquals(signs.since("a", 40_000, 102_000), 62_000);
  // By the clock of a machine that is behind.
  assertEquals(signs.since("a", 55_000, 104_000), 0);
  assertEquals(signs.since("a", 55_000, 110_000), 6_000);
  // And of one that is ahead.
  assertEquals(signs.since("b", 900_000, 100_000), 0);
  assertEquals(signs.since("b", 900_000, 130_000), 30_000);
});

Deno.test("the job that a scheduler's variables name", () => {
  const of = (variables: Record<string, string>) => schedulerJob((name) => variables[name]);
  assertEquals(of({}), undefined);
  assertEquals(of({ SLURM_JOB_ID: "72" }), "Slurm 72");
  assertEquals(
    of({ SLURM_JOB_ID: "72", SLURM_ARRAY_JOB_ID: "71", SLURM_ARRAY_TASK_ID: "3" }),
    "Slurm 71_3",
  );
  assertEquals(of({ PBS_JOBID: "5[2].host" }), "PBS 5[2].host");
  assertEquals(of({ LSB_JOBID: "9", LSB_JOBINDEX: "4" }), "LSF 9_4");
  assertEquals(of({ LSB_JOBID: "9", LSB_JOBINDEX: "0" }), "LSF 9");
});

Deno.test("a page of a shared grid says which program trains what, and which is silent or gone", async () => {
  await using folder = await sharedFolder();
  const store = new ViewStore(), events: LiveEvent[] = [];
  const follower = new GridFollower(folder.path, (event) => {
    events.push(event);
    store.apply(event);
  });
  await follower.look();
  // A lock that stands for a moment only is no training.
  assertEquals(store.view.grid!.cells.map(({ status }) => status), [
    "done",
    "pending",
    "pending",
    "pending",
  ]);
  await follower.look();
  const { cells, shards } = store.view.grid!;
  assertEquals(cells.map(({ status, message }) => [status, message]), [
    ["done", undefined],
    ["running", "by Slurm 71_2 on n2"],
    ["running", "by process 30 on n3"],
    ["pending", "left by Slurm 71_4 on n4, which is gone"],
  ]);
  assertEquals(
    shards.map(({ name, job, host, state, runs }) => [name, job, host, state, runs.length]),
    [
      ["1 of 4", "Slurm 71_1", "n1", "waiting", 0],
      ["2 of 4", "Slurm 71_2", "n2", "training", 1],
      ["4 of 4", "Slurm 71_4", "n4", "gone", 1],
      [null, null, "n3", "silent", 1],
    ],
  );
  const count = events.length;
  await follower.look();
  assertEquals(events.slice(count).filter(({ kind }) => kind !== "shards"), []);
});

Deno.test("a page shows the runs of others that have begun, and stays with one while it runs", async () => {
  const record = recordOf(), [first, second] = record.cells;
  const running = under(second!.run, runFiles({ status: "running" }));
  await using folder = await sharedFolder({ ...under(first!.run, runFiles()), ...running });
  const store = new ViewStore();
  const follower = new GridFollower(folder.path, (event) => void store.apply(event), {
    isOver: ({ cells }) => cells.every(({ status }) => status === "done"),
  });
  for (let i = 0; i < 2; i++) await follower.look();
  assertEquals(Object.keys(store.view.runs), [first!.run, second!.run]);
  assertEquals([store.view.current, store.view.status, store.view.ended], [
    second!.run,
    "running",
    null,
  ]);
  assertEquals(new Date(store.view.began).toISOString(), record.startedAt);
  const cells = record.cells.map((cell) => ({ ...cell, status: "done" as const, accuracy: 0.5 }));
  await Deno.writeTextFile(recordPath(folder.path), JSON.stringify({ ...record, cells }));
  await follower.look();
  assertEquals(store.view.status, "finished");
});

Deno.test("deno task watch refuses a folder that is no run's and no experiment's", async () => {
  await using folder = await folderOf({});
  const found = await captured(() => watch([folder.path]));
  assertEquals([found.code, found.out], [2, ""]);
  assertStringIncludes(found.err, `watch: expected the folder of a run or of an experiment, found`);
});

Deno.test("each of several shards on one machine has a page, at a port of its own", async () => {
  await using folder = await folderOf({});
  const shards = [1, 2].map((i) =>
    watched(smallProgram({}, "--watch", "--shard", `${i}/2`, "--out", folder.path).spawn())
  );
  const pages = await Promise.all(shards);
  assertNotEquals(pages[0]!.address, pages[1]!.address);
  assertEquals(await Promise.all(pages.map(({ ended }) => ended)), [0, 0]);
});
