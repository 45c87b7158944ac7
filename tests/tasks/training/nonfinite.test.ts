/**
 * Runs whose numbers are no longer finite: what they say, what they keep, how they go on.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { folderOf } from "../../data/fixtures.ts";
import { captured } from "../captured.ts";
import { mnistFolder } from "../mnist_folder.ts";
import { train } from "../../../tasks/training/train_command.ts";

const SMALL = "--net fitnetMnist --activation relu --device cpu --threads 1 --batch 4 --epochs 2 " +
  "--checkpoint-every 0 --no-figures";

const run = (...args: readonly string[]) => captured(() => train("mnist", args));

async function manifestOf(path: string) {
  return JSON.parse(await Deno.readTextFile(`${path}/manifest.json`));
}

Deno.test("train:mnist resumes a run that diverged, with another rate", async () => {
  await using data = await mnistFolder();
  await using at = await folderOf({});
  const out = `${at.path}/run`, start = [...SMALL.split(" "), "--data", data.path, "--out", out];
  const diverged = await run(...start, "--rate", "1e30", "--optimizer", "sgd");
  assertEquals(diverged.code, 1, diverged.err);
  const { status, results } = await manifestOf(out);
  assert(/^diverged at step [123]$/.test(status), status);
  assertStringIncludes(diverged.err, `${status}: ${results.fault}. The`);
  assertStringIncludes(diverged.err, `kept in ${out}/weights.safetensors; a smaller --rate`);
  assertStringIncludes(diverged.out, `--resume ${out} --rate RATE`);
  const same = await run("--resume", out, "--data", data.path, "--rate", "1e30");
  assertEquals(same.code, 2);
  assertStringIncludes(same.err, "--resume: expected another --rate, --clip, --on-nonfinite");
  const again = await run("--resume", out, "--data", data.path, "--rate", "0.001");
  assertEquals(again.code, 0, again.err);
  const now = await manifestOf(out);
  assertEquals([now.status, now.settings.rate, now.results.fault], ["finished", 0.001, undefined]);
});

Deno.test("train:mnist --on-nonfinite goes on, and its epochs say how", async () => {
  await using data = await mnistFolder();
  await using at = await folderOf({});
  const out = `${at.path}/run`;
  const args = [...SMALL.split(" "), "--data", data.path, "--out", out, "--rate", "1e30"];
  const { code, err } = await run(...args, "--optimizer", "sgd", "--on-nonfinite", "lower-rate");
  assertEquals(code, 0, err);
  const [header, ...rows] = (await Deno.readTextFile(`${out}/epochs.csv`)).trim().split("\n");
  const names = header!.split(","), last = rows.at(-1)!.split(",");
  const found = (name: string) => Number(last[names.indexOf(name)]);
  assert(found("skippedSteps") > 0 && found("rateFactor") < 1, rows.join("\n"));
  assertEquals((await manifestOf(out)).settings.onNonfinite, "lower-rate");
});
