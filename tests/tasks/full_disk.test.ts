/**
 * A run whose disk becomes full ends in one line, keeps what it had, and is resumed once there is room.
 * The disk is a small one in memory, which only a system's administrator can make.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { findCheckpoint } from "../../src/train/mod.ts";
import { train } from "../../tasks/training/train_command.ts";
import { folderOf } from "../data/fixtures.ts";
import { captured } from "./captured.ts";
import { checkpointSteps, outcomeOf, QUICK, runTask, startTask, textOf } from "./runs.ts";
import { pause } from "../pause.ts";
import type { Tuple } from "../../src/tuple.ts";

async function succeeds(command: string, ...args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args, stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}

/** A disk of one megabyte; undefined where none can be made. */
async function smallDisk() {
  const path = await Deno.makeTempDir();
  const made = Deno.build.os === "linux" &&
    await succeeds("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", path);
  const dispose = async () => {
    if (made) await succeeds("umount", "--lazy", path);
    await Deno.remove(path);
  };
  return { path, made, [Symbol.asyncDispose]: dispose };
}

const possible = await (async () => {
  await using disk = await smallDisk();
  return disk.made;
})();

/** Takes all room that there is, again and again until `over`. */
async function fill(path: string, over: Promise<unknown>): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true });
  let going = true;
  over.then(() => going = false);
  while (going) {
    try {
      await file.write(new Uint8Array(4096));
    } catch (error) {
      if (!(error as Error).message.includes("No space left")) throw error;
      await pause(2);
    }
  }
}

Deno.test({
  name: `a run on a full disk ends in one line, and is resumed later${
    possible ? "" : " (no small disk can be mounted here)"
  }`,
  ignore: !possible,
  fn: async () => {
    await using at = await folderOf({});
    await using disk = await smallDisk();
    const whole = `${at.path}/whole`, run = `${disk.path}/run`, filler = `${disk.path}/filler`;
    const fresh = (out: string) => [...QUICK, "--epochs", "6", "--out", out];
    assertEquals((await runTask(...fresh(whole))).code, 0);

    await using child = startTask(fresh(run));
    const said = Promise.all([child.stdout, child.stderr].map((s) => new Response(s).text()));
    while ((checkpointSteps(run).at(-1) ?? 0) < 10) await new Promise((go) => setTimeout(go, 2));
    await fill(filler, child.status);
    const { code } = await child.status, [, err] = await said as Tuple<string, 2>;
    assertEquals(code, 1, err);
    assertMatch(
      err,
      /^train:mnist: \S+: expected to write .*, found No space left on device .*\n$/,
    );
    const { checkpoint, damaged } = await findCheckpoint(`${run}/checkpoints`);
    assertEquals(damaged, []);
    assert(checkpoint && checkpoint.step >= 10 && checkpoint.step < 48, `${checkpoint?.step}`);
    JSON.parse((await textOf(`${run}/manifest.json`))!);
    assertEquals([...Deno.readDirSync(run)].filter(({ name }) => name.endsWith(".tmp")), []);

    await Deno.remove(filler);
    const again = await runTask("--resume", run, "--no-figures");
    assertEquals([again.code, again.err], [0, ""]);
    assertEquals(await outcomeOf(run), await outcomeOf(whole));
  },
});

Deno.test({
  name: `a run whose disk becomes read-only ends in one line, and is resumed later${
    possible ? "" : " (no small disk can be mounted here)"
  }`,
  ignore: !possible,
  fn: async () => {
    await using disk = await smallDisk();
    const run = `${disk.path}/run`;
    const ended = captured(() => train("mnist", [...QUICK, "--epochs", "1000", "--out", run]));
    while ((checkpointSteps(run).at(-1) ?? 0) < 3) await pause(2);
    // It fails while a file is open.
    while (!await succeeds("mount", "-o", "remount,ro", disk.path)) await pause(5);
    const { code, err } = await ended;
    assertMatch(
      `${code} ${err}`,
      /^1 train:mnist: \S+: expected to write .*, found Read-only file system .*$/,
    );
    assert(await succeeds("mount", "-o", "remount,rw", disk.path));
    const { checkpoint, damaged } = await findCheckpoint(`${run}/checkpoints`);
    assertEquals([checkpoint !== undefined, damaged], [true, []]);
  },
});
