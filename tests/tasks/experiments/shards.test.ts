import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { OptionError } from "../../../tasks/cli/option_table.ts";
import { shardOrder } from "../../../tasks/experiments/shards/run_shard.ts";
import { parseShard, scheduledShard } from "../../../tasks/experiments/shards/scheduler.ts";
import { ABANDONED } from "../../../tasks/run/owner.ts";
import { folderOf } from "../../data/fixtures.ts";
import { ended, smallProgram } from "./process.ts";
import { assertSame } from "./same.ts";
import { SMALL } from "./small.ts";

Deno.test("the job arrays of four schedulers say which shard a program is", () => {
  const of = (variables: Record<string, string>) => scheduledShard((name) => variables[name]);
  assertEquals(of({}), undefined);
  assertEquals(
    of({ SLURM_ARRAY_TASK_ID: "2", SLURM_ARRAY_TASK_COUNT: "4", SLURM_ARRAY_TASK_MIN: "0" }),
    {
      index: 3,
      count: 4,
    },
  );
  assertEquals(
    of({ SLURM_ARRAY_TASK_ID: "1", SLURM_ARRAY_TASK_COUNT: "4", SLURM_ARRAY_TASK_MIN: "1" }),
    {
      index: 1,
      count: 4,
    },
  );
  assertEquals(of({ SGE_TASK_ID: "4", SGE_TASK_FIRST: "1", SGE_TASK_LAST: "4" }), {
    index: 4,
    count: 4,
  });
  assertEquals(of({ LSB_JOBINDEX: "3", LSB_JOBINDEX_END: "8" }), { index: 3, count: 8 });
  assertEquals(of({ PBS_ARRAY_INDEX: "2", PBS_ARRAY_COUNT: "3" }), { index: 2, count: 3 });
  // Outside arrays these say 0, undefined or one of one.
  assertEquals(of({ LSB_JOBINDEX: "0", LSB_JOBINDEX_END: "0" }), undefined);
  assertEquals(of({ SGE_TASK_ID: "undefined", SGE_TASK_LAST: "undefined" }), undefined);
  assertEquals(of({ SLURM_ARRAY_TASK_ID: "0", SLURM_ARRAY_TASK_COUNT: "1" }), undefined);
});

Deno.test("--shard is a number and a count", () => {
  assertEquals(parseShard("2/8"), { index: 2, count: 8 });
  for (const wrong of ["", "2", "0/8", "9/8", "1/0", "a/b", "-1/4", "1/4/2"]) {
    assertThrows(() => parseShard(wrong), OptionError, `such as 2/8, found ${wrong}`);
  }
});

Deno.test("a shard tries its own runs first, and all in the end", () => {
  const all = [0, 1, 2, 3, 4, 5, 6];
  assertEquals(shardOrder(all, { index: 1, count: 3 }), [0, 3, 6, 1, 4, 2, 5]);
  assertEquals(shardOrder(all, { index: 3, count: 3 }), [2, 5, 0, 3, 6, 1, 4]);
  assertEquals(shardOrder([1, 4, 5], { index: 1, count: 1 }), [1, 4, 5]);
});

Deno.test("shards in one folder come to what one program does, to the bit; the last prints the table", async () => {
  await using place = await folderOf({});
  const whole = `${place.path}/whole`, shared = `${place.path}/shared`;
  const one = await ended(smallProgram({}, "--quiet", "--out", whole));
  assertEquals([one.code, one.err], [0, ""]);
  const all = await Promise.all(
    [1, 2, 3].map((i) => ended(smallProgram({}, "--quiet", "--shard", `${i}/3`, "--out", shared))),
  );
  assertEquals(all.map(({ code, err }) => [code, err]), [[0, ""], [0, ""], [0, ""]]);
  await assertSame(shared, whole);
  const tables = all.filter(({ out }) => out.includes("A small experiment"));
  assert(tables.length >= 1);
  assertEquals(
    tables[0]!.out.replaceAll(shared, whole).replace(/init s.*/gs, ""),
    one.out.replace(/init s.*/gs, ""),
  );
  for (const { out } of all) {
    if (!out.includes("A small experiment")) assertStringIncludes(out, "left to other programs");
  }
});

Deno.test("programs that add different runs to one folder at the same time add all of them", async () => {
  await using place = await folderOf({});
  const out = `${place.path}/out`, whole = `${place.path}/whole`;
  const add = (...args: string[]) => ended(smallProgram({}, "--quiet", "--out", out, ...args));
  const seeds = ["--seeds", "0,1"];
  const one = await ended(smallProgram({}, "--quiet", "--out", whole, ...seeds));
  assertEquals([one.code, (await add("--rows", "LSUV", "--columns", "tanh")).code], [0, 0]);
  const parts = [["LSUV", "ReLU"], ["LSUV", "tanh"], ["Xavier", "ReLU"], ["Xavier", "tanh"]];
  const all = await Promise.all(
    parts.map(([row, column], i) =>
      add("--rows", row!, "--columns", column!, "--shard", `${i + 1}/4`, ...seeds)
    ),
  );
  assertEquals(all.map(({ code, err }) => [code, err]), parts.map(() => [0, ""]));
  await assertSame(out, whole);
});

Deno.test({
  name: "a shard that is killed and one that is terminated are started again, to the same bits",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using place = await folderOf({});
    const whole = `${place.path}/whole`, shared = `${place.path}/shared`;
    assertEquals((await ended(smallProgram({}, "--quiet", "--out", whole))).code, 0);
    const shard = (i: number) =>
      smallProgram({}, "--quiet", "--checkpoint-every", "0", "--shard", `${i}/2`, "--out", shared);
    const children = [1, 2].map((i) => shard(i).spawn());
    const streams = children.flatMap(({ stdout, stderr }) => [stdout.cancel(), stderr.cancel()]);
    const begun = (run: string) =>
      Deno.stat(`${shared}/runs/${run}/epochs.csv`).then(() => true, () => false);
    while (!await begun("lsuv_relu_s0") || !await begun("lsuv_tanh_s0")) {
      await new Promise((done) => setTimeout(done, 2));
    }
    children[0]!.kill("SIGKILL");
    children[1]!.kill("SIGTERM");
    const [killed, terminated] = await Promise.all(children.map(({ status }) => status));
    await Promise.all(streams);
    assertEquals(killed!.signal, "SIGKILL");
    assertEquals(terminated!.code, 130);
    const again = await Promise.all([1, 2].map((i) => ended(shard(i))));
    assertEquals(again.map(({ code, err }) => [code, err]), [[0, ""], [0, ""]]);
    await assertSame(shared, whole);
  },
});

Deno.test("a run that cannot be trained is tried once, and the table says so", async () => {
  await using place = await folderOf({});
  const rows = [SMALL.rows[0]!, { name: "Large", options: { batch: 1000 } }];
  const shards = [1, 2].map((i) =>
    ended(smallProgram({ rows }, "--quiet", "--shard", `${i}/2`, "--out", `${place.path}/shared`))
  );
  const all = await Promise.all(shards);
  const last = all.filter(({ out }) => out.includes("A small experiment"));
  assert(last.length >= 1);
  for (const { code, out } of last) {
    assertEquals(code, 1);
    assertStringIncludes(out, "Large  ReLU           failed");
  }
});

/** The folder of a run that a program of another machine has, as it left it so many seconds ago. */
async function takenElsewhere(out: string, run: string, seconds: number) {
  const path = `${out}/runs/${run}`, file = `${path}/lock.json`;
  await Deno.mkdir(path, { recursive: true });
  const owner = { process: 1, host: "elsewhere", since: new Date().toISOString(), token: "a" };
  const renew = () => Deno.writeTextFileSync(file, JSON.stringify(owner) + "\n");
  renew();
  const then = Date.now() / 1000 - seconds;
  await Deno.utime(file, then, then);
  return renew;
}

Deno.test("a shard waits for a run of a machine that gives no sign of life, and trains it", async () => {
  await using place = await folderOf({});
  const whole = `${place.path}/whole`, shared = `${place.path}/shared`;
  await takenElsewhere(shared, "lsuv_relu_s0", ABANDONED - 4);
  const [one, shard] = await Promise.all([
    ended(smallProgram({}, "--quiet", "--out", whole)),
    ended(smallProgram({}, "--quiet", "--shard", "1/2", "--out", shared)),
  ]);
  assertEquals([one.code, shard.code, shard.err], [0, 0, ""]);
  assertStringIncludes(shard.out, "A small experiment");
  await assertSame(shared, whole);
});

Deno.test("a shard leaves a run to a machine that gives a sign of life", async () => {
  await using place = await folderOf({});
  const renew = await takenElsewhere(place.path, "lsuv_relu_s0", ABANDONED - 100);
  const renewal = setInterval(renew, 500);
  const shard = await ended(smallProgram({}, "--quiet", "--shard", "1/2", "--out", place.path));
  clearInterval(renewal);
  assertEquals([shard.code, shard.err], [0, ""]);
  assertStringIncludes(shard.out, "1 run left to other programs that share them");
});
