/**
 * Runs that train in stages, and runs that learn from a teacher.
 */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { decodeSafetensors } from "../../../src/train/mod.ts";
import { OptionError } from "../../../tasks/cli/option_table.ts";
import { readCsv } from "../../../tasks/run/csv.ts";
import type { RunEvent } from "../../../tasks/run/events.ts";
import { readResumable } from "../../../tasks/run/resume.ts";
import { STAGES } from "../../../tasks/run/tables.ts";
import { runTraining } from "../../../tasks/training/run_training.ts";
import { folderOf } from "../../data/fixtures.ts";
import { specOf } from "./spec.ts";

const LINE = "--procedural --net fitnetMnist --activation relu --device cpu --threads 1 " +
  "--subset 16 --test-subset 8 --batch 8 --epochs 1";
const STAGED = `${LINE} --pretrain layerwise --pretrain-epochs 2 --pretrain-rate 0.001`;

const weightsOf = (path: string) => Deno.readFile(`${path}/weights.safetensors`);

Deno.test("a run trains its stages first, and goes on in them where it was stopped", async () => {
  await using folder = await folderOf({});
  const [whole, cut] = [`${folder.path}/whole`, `${folder.path}/cut`] as const;
  const events: RunEvent[] = [];
  await runTraining(await specOf(whole, STAGED), (event) => void events.push(event));
  const stages = events.flatMap((event) => event.kind === "stage" ? [event.row] : []);
  const names = [0, 2, 5, 7, 10, 12].map((at) => `[${at}] conv`);
  const each = names.flatMap((stage) => [[stage, 1], [stage, 2]]);
  assertEquals(stages.map(({ stage, epoch }) => [stage, epoch]), each);
  assertEquals(await readCsv(STAGES, whole), stages);

  const stop = new AbortController(), spec = await specOf(cut, STAGED);
  let seen = 0;
  const first = await runTraining({ ...spec, signal: stop.signal }, (event) => {
    if (event.kind === "stage" && ++seen === 5) stop.abort();
  });
  assertEquals([first.status, first.results.steps], ["stopped", 0]);
  const earlier = { path: cut, manifest: await readResumable("mnist", cut) };
  const again: RunEvent[] = [];
  const last = await runTraining({ ...spec, earlier }, (event) => void again.push(event));
  assertEquals(last.status, "finished");
  assertEquals(again.filter(({ kind }) => kind === "stage").length, each.length - 5);
  const rows = await readCsv(STAGES, cut);
  assertEquals(rows!.map(({ stage, epoch }) => [stage, epoch]), each);
  assertEquals(await weightsOf(cut), await weightsOf(whole));
});

Deno.test("a run whose stage diverges ends as one that diverged, with its last good weights", async () => {
  await using folder = await folderOf({});
  const path = `${folder.path}/run`, line = STAGED.replace("0.001", "1e20");
  const { status, results } = await runTraining(await specOf(path, line), () => {});
  assertEquals(status, "diverged at step 2");
  assertStringIncludes(results.fault!, "[0] conv: step 2 (epoch 1, batch 2): the output of ");
  const { tensors } = decodeSafetensors(await weightsOf(path));
  assert([...tensors.values()].every(({ data }) => [...data].every(Number.isFinite)));
});

Deno.test("a run learns from a teacher, by hints and by its probabilities", async () => {
  await using folder = await folderOf({});
  const teacher = `${folder.path}/teacher`;
  await runTraining(await specOf(teacher, LINE.replace("relu", "maxout")), () => {});
  const run = async (name: string, options: string) => {
    const path = `${folder.path}/${name}`, stages: string[] = [];
    await runTraining(await specOf(path, `${LINE} ${options}`), (event) => {
      if (event.kind === "stage") stages.push(event.row.stage);
    });
    return [stages, await weightsOf(path)] as const;
  };
  const [none, plain] = await run("plain", "--lsuv-batch 8");
  const [, distilled] = await run("distilled", `--teacher ${teacher} --distill 2 --distill-end 1`);
  const [, silent] = await run("silent", `--teacher ${teacher} --distill 0`);
  const [hinted] = await run(
    "hinted",
    `--teacher ${teacher} --pretrain hints --pretrain-epochs 1 --hint-layers 2 --teacher-layers 2`,
  );
  assertEquals([none, hinted], [[], ["[0…3] toward the teacher's [1]"]]);
  assertEquals(silent, plain);
  assert(distilled.some((byte, i) => byte !== plain[i]));
});

Deno.test("options of stages and teachers say what they need", async () => {
  const cases = [
    ["--pretrain-epochs 3", "--pretrain-epochs: expected --pretrain beside it"],
    ["--pretrain hints", "--pretrain hints: expected --teacher beside it"],
    ["--distill 4", "--distill: expected --teacher beside it"],
    ["--pretrain layerwise --hint-layers 2", "--hint-layers: expected --pretrain hints beside it"],
  ] as const;
  for (const [options, message] of cases) {
    await assertRejects(() => specOf("", `${LINE} ${options}`), OptionError, message);
  }
  await using folder = await folderOf({});
  const teacher = `${folder.path}/teacher`;
  await runTraining(await specOf(teacher, LINE), () => {});
  const wide = await specOf(`${folder.path}/run`, `${LINE} --teacher ${teacher}`);
  const { train } = wide.data.splits, dataset = { ...train.dataset, classes: 11 };
  const splits = { ...wide.data.splits, train: { ...train, dataset } };
  await assertRejects(
    () => runTraining({ ...wide, data: { ...wide.data, splits } }, () => {}),
    OptionError,
    "--teacher: expected a net for 28x28x1 images in 11 classes with --preprocessing scale " +
      "--no-whiten, found one for 28x28x1 images in 10 classes with",
  );
  const whitened = await specOf(`${folder.path}/run`, `${LINE} --teacher ${teacher} --whiten`);
  await assertRejects(
    () => runTraining(whitened, () => {}),
    OptionError,
    "--preprocessing scale --whiten, found one for 28x28x1 images in 10 classes with " +
      "--preprocessing scale --no-whiten in",
  );
  assertThrows(() => Deno.statSync(`${folder.path}/run`), Deno.errors.NotFound);
});
