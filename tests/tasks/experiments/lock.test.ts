import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { train } from "../../../tasks/training/train_command.ts";
import { folderOf } from "../../data/fixtures.ts";
import { captured } from "../captured.ts";
import { ended, smallProgram } from "./process.ts";
import { SMALL } from "./small.ts";

const SIZE = { ...SMALL.lengths.cpu, epochs: 1000 };
const CHANGES = { lengths: { quick: SIZE, cpu: SIZE, gpu: SIZE, paper: SIZE } };

/** Which process a folder says it is held by. */
const ownerOf = (path: string): Promise<unknown> =>
  Deno.readTextFile(`${path}/lock.json`).then((text) => JSON.parse(text).process, () => undefined);

/** Starts an experiment that takes long, and waits until its first run is under way. */
async function startedIn(out: string) {
  const child = smallProgram(CHANGES, "--out", out).spawn();
  const streams = [child.stdout, child.stderr].map((stream) => stream.cancel());
  const kill = async () => {
    child.kill("SIGKILL");
    await Promise.all([child.status, ...streams]);
  };
  while (await ownerOf(`${out}/runs/lsuv_relu_s0`) !== child.pid) {
    await new Promise((done) => setTimeout(done, 5));
  }
  return { pid: child.pid, kill };
}

Deno.test({
  name: "two experiments never write to one folder, and one that was killed keeps none away",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using place = await folderOf({});
    const out = `${place.path}/out`, run = `${out}/runs/lsuv_relu_s0`;
    const first = await startedIn(out), record = await Deno.readTextFile(`${out}/experiment.json`);
    assertEquals(await ownerOf(out), first.pid);
    const found = "expected a folder that no other program writes to, found process " +
      `${first.pid} on ${Deno.hostname()}, which has done so since 2`;
    const second = await ended(smallProgram(CHANGES, "--out", out));
    assertEquals(second.code, 1);
    assertStringIncludes(second.err, `ablate:small: ${out}: ${found}`);
    const alone = await captured(() => train("mnist", ["--resume", run]));
    assertEquals(alone.code, 1);
    assertStringIncludes(alone.err, `train:mnist: ${run}: ${found}`);
    assertEquals(await Deno.readTextFile(`${out}/experiment.json`), record);
    await first.kill();
    assertEquals(await ownerOf(out), first.pid);
    const third = await startedIn(out);
    await third.kill();
    assert(third.pid !== first.pid);
  },
});
