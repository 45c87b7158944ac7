import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Tuple } from "../../../src/tuple.ts";
import { folderOf } from "../../data/fixtures.ts";
import { ended, smallProgram } from "./process.ts";
import { assertSame } from "./same.ts";

Deno.test("--jobs trains runs in parallel, to the same bits", async () => {
  await using place = await folderOf({});
  const [one, two] = ["one", "two"].map((name) => `${place.path}/${name}`) as Tuple<string, 2>;
  const first = await ended(smallProgram({}, "--out", one));
  const second = await ended(smallProgram({}, "--jobs", "2", "--out", two));
  assertEquals([first.code, first.err, second.code, second.err], [0, "", 0, ""]);
  await assertSame(two, one);
  assertStringIncludes(second.out, "runs/lsuv_relu_s0: epoch 1/3");
  // The second run begins before the first has ended.
  assertMatch(second.out, /\[1\/4\] .*\n\[2\/4\] /);
});

Deno.test({
  name: "--jobs: Ctrl-C ends every run in good order, and they are resumed",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using place = await folderOf({});
    const [whole, cut] = ["whole", "cut"].map((name) => `${place.path}/${name}`) as Tuple<
      string,
      2
    >;
    assertEquals((await ended(smallProgram({}, "--out", whole))).code, 0);
    const args = ["--jobs", "2", "--checkpoint-every", "0", "--out", cut];
    const child = smallProgram({}, ...args).spawn();
    const streams = [child.stdout, child.stderr].map((stream) => stream.cancel());
    const second = `${cut}/runs/lsuv_tanh_s0/manifest.json`;
    while (!await Deno.stat(second).catch(() => {})) {
      await new Promise((done) => setTimeout(done, 2));
    }
    child.kill("SIGINT");
    assertEquals((await child.status).code, 130);
    await Promise.all(streams);
    const { cells } = JSON.parse(await Deno.readTextFile(`${cut}/experiment.json`));
    assertEquals(cells[3].status, "pending");
    assertEquals((await ended(smallProgram({}, ...args))).code, 0);
    await assertSame(cut, whole);
  },
});

Deno.test("--jobs: a run that fails does not stop the others", async () => {
  await using place = await folderOf({});
  const rows = [
    { name: "impossible", options: { init: "lsuv", "lsuv-batch": 1000 } },
    { name: "Xavier", options: { init: "xavier" } },
  ];
  const out = `${place.path}/out`;
  const { code } = await ended(smallProgram({ rows, paper: null }, "--jobs", "3", "--out", out));
  assertEquals(code, 1);
  const { cells } = JSON.parse(await Deno.readTextFile(`${out}/experiment.json`));
  const statuses = cells.map(({ status }: { status: string }) => status === "failed");
  assertEquals(statuses, [true, true, false, false]);
});
