import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { folderOf } from "../../data/fixtures.ts";
import { ended, smallProgram } from "../experiments/process.ts";
import { QUICK, runTask, startTask } from "../runs.ts";
import { eventsOf } from "./event_stream.ts";
import { watched } from "./tasks.ts";

Deno.test("a task whose port is taken says so before anything else, and makes no folder", async () => {
  await using folder = await folderOf({});
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr, out = `${folder.path}/run`;
  const found = await runTask(...QUICK, "--watch", "--watch-port", `${port}`, "--out", out);
  assertEquals([found.code, found.out], [2, ""]);
  assertEquals(
    found.err,
    `train:mnist: --watch-port: expected a free port, found ${port} taken by a program\n`,
  );
  assertEquals([...Deno.readDirSync(folder.path)], []);
});

Deno.test("a resumed training shows its earlier epochs on its page", async () => {
  await using folder = await folderOf({});
  const out = `${folder.path}/run`;
  const first = await watched(
    startTask([...QUICK, "--epochs", "400", "--watch-port", "0", "--out", out]),
  );
  await using before = await eventsOf(first.address);
  await before.until(({ runs }) => (runs[""]?.rows.length ?? 0) >= 3);
  first.process.kill("SIGINT");
  await before.until(({ ended }) => ended !== null);
  assertEquals([before.view.status, await first.ended], ["stopped", 130]);

  const again = await watched(startTask(["--resume", out, "--watch-port", "0"]));
  await using after = await eventsOf(again.address);
  const count = before.view.runs[""]!.rows.length;
  await after.until(({ runs }) => (runs[""]?.rows.length ?? 0) > count);
  const { rows, scaling } = after.view.runs[""]!, old = before.view.runs[""]!;
  assertEquals([rows.slice(0, count), scaling], [old.rows, old.scaling]);
  assert(scaling.length === 7 && scaling.every(({ after }) => after.length === 1));
  assert(after.view.session !== before.view.session);
  again.process.kill("SIGINT");
  assertEquals(await again.ended, 130, again.said());
});

Deno.test("a diverged training says so on its page", async () => {
  await using folder = await folderOf({});
  const { address, ended } = await watched(startTask([
    ...QUICK,
    ...["--optimizer", "sgd", "--rate", "1e30", "--watch-port", "0"],
    ...["--out", `${folder.path}/run`],
  ]));
  await using page = await eventsOf(address);
  await page.until(({ ended }) => ended !== null);
  assertStringIncludes(page.view.status, "diverged at step");
  assertStringIncludes(page.view.runs[""]!.fault!, "is not finite: ");
  assertEquals(await ended, 1);
});

Deno.test("a resumed experiment shows its earlier runs on its page", async () => {
  await using folder = await folderOf({});
  const out = `${folder.path}/results`;
  assertEquals((await ended(smallProgram({}, "--out", out))).code, 0);
  const again = await watched(
    smallProgram({}, "--out", out, "--seeds", "0,1", "--watch-port", "0").spawn(),
  );
  await using page = await eventsOf(again.address);
  await page.until(({ grid }) => grid !== null);
  const seeds = (status: string) =>
    page.view.grid!.cells.filter((cell) => cell.status === status).map(({ seed }) => seed);
  const early = seeds("done").length + seeds("n/c").length;
  assert(early >= 4 && [...seeds("done"), ...seeds("n/c")].slice(0, 4).every((seed) => seed === 0));
  await page.until(({ grid }) => grid!.cells.some(({ status }) => status === "running"));
  await page.until(({ ended }) => ended !== null);
  assertEquals([page.view.status, await again.ended], ["finished", 0]);
  const { grid, runs } = page.view;
  assertEquals([grid!.rows, grid!.columns, grid!.seeds], [
    ["LSUV", "Xavier"],
    ["ReLU", "tanh"],
    [0, 1],
  ]);
  assertEquals([seeds("pending"), seeds("running"), Object.keys(runs).length], [[], [], 8]);
  for (const { run, row, accuracy } of grid!.cells) {
    const { rows, initial, snapshots } = runs[run]!;
    assertEquals(rows.map(({ epoch }) => epoch), [1, 2, 3]);
    assertEquals(
      initial.map(({ phase }) => phase),
      row === "LSUV" ? ["before lsuv", "after lsuv"] : ["initial"],
    );
    assertEquals(snapshots.map(({ phase }) => phase), ["epoch 1", "epoch 2", "epoch 3"]);
    assert(Math.abs(rows[2]!.testAccuracy - accuracy!) < 1e-4);
  }
});

Deno.test("runs in parallel all have their curves", async () => {
  await using folder = await folderOf({});
  const out = `${folder.path}/results`;
  const { address, ended } = await watched(
    smallProgram({}, "--out", out, "--jobs", "2", "--watch-port", "0").spawn(),
  );
  await using page = await eventsOf(address);
  await page.until(({ ended }) => ended !== null);
  assertEquals([page.view.status, await ended], ["finished", 0]);
  for (const { run } of page.view.grid!.cells) {
    const { rows, points, snapshots, status } = page.view.runs[run]!;
    assertEquals([rows.length, snapshots.length, status], [3, 3, "finished"]);
    assertEquals(points.at(-1)?.[0], rows[2]!.step);
  }
});
