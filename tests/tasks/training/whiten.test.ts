/**
 * Runs on whitened images: the transform is fitted once, stored with the run, and used again by whatever
 * opens the run.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { testBatches, whiten, zcaWhitening } from "../../../src/data/mod.ts";
import { openSafetensors } from "../../../src/train/safetensors/header.ts";
import { TaskError } from "../../../tasks/cli/command.ts";
import { loadData } from "../../../tasks/datasets/load_data.ts";
import { encodeWhitening } from "../../../tasks/datasets/whitening_file.ts";
import { netSteps } from "../../../tasks/export/steps.ts";
import { pythonModule } from "../../../tasks/export/module.ts";
import { exportNet } from "../../../tasks/export/export_command.ts";
import { importNet } from "../../../tasks/export/import_command.ts";
import { prepareInputs } from "../../../tasks/models/inputs.ts";
import { openModel } from "../../../tasks/models/open.ts";
import { readResumable } from "../../../tasks/run/resume.ts";
import { parseOptions } from "../../../tasks/cli/parse_options.ts";
import { trainTable } from "../../../tasks/training/options/mod.ts";
import { runTraining } from "../../../tasks/training/run_training.ts";
import type { TrainingSpec } from "../../../tasks/training/session.ts";
import { resolveSettings } from "../../../tasks/training/settings.ts";
import { folderOf } from "../../data/fixtures.ts";
import { runtimeOf } from "../../devices.ts";
import { captured } from "../captured.ts";

const LINE = "--procedural --net fitnetMnist --activation relu --device cpu --threads 1 --whiten " +
  "--subset 16 --test-subset 8 --batch 8 --epochs 2";
const reporter = { say: () => {}, show: () => ({ at: () => {}, stop: async () => {} }) };

async function specOf(path: string): Promise<TrainingSpec> {
  const parsed = parseOptions(trainTable("mnist"), LINE.split(" "));
  assert(parsed !== "help");
  const settings = resolveSettings("mnist", parsed, "quick");
  return {
    task: "mnist",
    settings,
    data: await loadData({ ...settings, task: "mnist", orProcedural: false }, { reporter }),
    command: ["deno", "task", "train:mnist"],
    claimFolder: () => Promise.resolve({ path, [Symbol.dispose]: () => {} }),
    checkpointEvery: 0,
    signal: new AbortController().signal,
  };
}

Deno.test("a run on whitened images stores their transform, and what opens the run uses it", async () => {
  await using folder = await folderOf({});
  const path = `${folder.path}/run`, spec = await specOf(path);
  await runTraining(spec, () => {});
  const run = await runtimeOf("cpu"), { train, test } = spec.data.splits;
  const file = await encodeWhitening(await zcaWhitening(run, train), train.dataset);
  assertEquals(await Deno.readFile(`${path}/whitening.safetensors`), file.bytes);
  const { metadata } = openSafetensors(await Deno.readFile(`${path}/weights.safetensors`));
  assertEquals(metadata.whitening, file.sha256);
  const { model, path: weights } = await openModel(path);
  const expected = await whiten(run, test, file.by);
  const found = await prepareInputs(run, model, weights, test.dataset);
  assertEquals([...testBatches(found, { batch: 5 })], [...testBatches(expected, { batch: 5 })]);

  await captured(() => exportNet([path, `${folder.path}/out`]));
  assertEquals(await Deno.readFile(`${folder.path}/out/whitening.safetensors`), file.bytes);
  const source = pythonModule(model, netSteps(model));
  for (
    const line of ["x = pixels * 0.004", "@ self.whitening", "net.whitening = load_whitening("]
  ) {
    assertStringIncludes(source, line);
  }

  const imported = `${folder.path}/new/weights.safetensors`;
  await captured(() => importNet([`${folder.path}/out`, imported]));
  const { whitening } = openSafetensors(await Deno.readFile(imported)).metadata;
  assertEquals(whitening, file.sha256);
  assertEquals(await Deno.readFile(`${folder.path}/new/whitening.safetensors`), file.bytes);
  await Deno.remove(imported);
  await Deno.writeFile(
    `${folder.path}/new/whitening.safetensors`,
    (await encodeWhitening({ ...file.by, mean: file.by.mean.with(0, 7) }, train.dataset)).bytes,
  );
  const { code, err } = await captured(() => importNet([`${folder.path}/out`, imported]));
  assertEquals(code, 1);
  assertStringIncludes(
    err,
    "expected no whitening of another net beside the new weights, found one",
  );

  await Deno.writeFile(`${path}/whitening.safetensors`, file.bytes.with(99, 1));
  const open = () => prepareInputs(run, model, weights, test.dataset);
  await assertRejects(open, TaskError, `expected the whitening of SHA-256 ${file.sha256}, found `);
  await Deno.remove(`${path}/whitening.safetensors`);
  await assertRejects(
    open,
    TaskError,
    "whitening.safetensors: expected the whitening of the images",
  );
});

for (const lost of [false, true]) {
  Deno.test(`a run on whitened images resumes to the same bits, its transform lost: ${lost}`, async () => {
    await using folder = await folderOf({});
    const [path, whole] = ["cut", "whole"].map((name) => `${folder.path}/${name}`) as [
      string,
      string,
    ];
    const stop = new AbortController();
    const cut = await runTraining({ ...await specOf(path), signal: stop.signal }, (event) => {
      if (event.kind === "checkpoint" && event.step === 3) stop.abort();
    });
    assertEquals(cut.status, "stopped");
    if (lost) await Deno.remove(`${path}/whitening.safetensors`);
    const earlier = { path, manifest: await readResumable("mnist", path) };
    assertEquals(
      (await runTraining({ ...await specOf(path), earlier }, () => {})).status,
      "finished",
    );
    await runTraining(await specOf(whole), () => {});
    for (const name of ["weights", "whitening"]) {
      const [found, expected] = await Promise.all(
        [path, whole].map((at) => Deno.readFile(`${at}/${name}.safetensors`)),
      );
      assertEquals(found, expected);
    }
  });
}
