/**
 * runTraining(): what it emits, in which order, and that it resumes what was cut off.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Observer, RunEvent } from "../../../tasks/run/events.ts";
import { readResumable } from "../../../tasks/run/resume.ts";
import { runTraining } from "../../../tasks/training/run_training.ts";
import { folderOf } from "../../data/fixtures.ts";
import { specOf } from "./spec.ts";
import { TaskError } from "../../../tasks/cli/command.ts";
import { OptionError } from "../../../tasks/cli/option_table.ts";

const LINE = "--procedural --net fitnetMnist --activation relu --device cpu --threads 1 " +
  "--subset 16 --test-subset 8 --batch 8 --epochs 2";

/** An observer that keeps what it is handed. */
function keeper(): { readonly events: RunEvent[]; readonly observe: Observer } {
  const events: RunEvent[] = [];
  return { events, observe: (event) => void events.push(event) };
}

const kinds = (events: readonly RunEvent[]) =>
  events.map(({ kind }) => kind).filter((kind) => kind !== "step" && kind !== "forecast");

Deno.test("runTraining() emits a run from its start to its end", async () => {
  await using folder = await folderOf({});
  const path = `${folder.path}/run`, { events, observe } = keeper();
  const layerProbe = () => (_: unknown, { step, phase }: { step: number; phase: string }) =>
    Promise.resolve([{
      step,
      phase,
      layer: 1,
      name: "",
      activationVariance: 1,
      gradientVariance: 1,
    }]);
  const ended = await runTraining({ ...await specOf(path, LINE), layerProbe }, observe);
  assertEquals(kinds(events), [
    ...["start", "initialization", "layers", "layers", "memory"],
    ...["checkpoint", "epoch", "layers", "checkpoint", "checkpoint", "epoch", "layers"],
    ...["checkpoint", "weights", "end"],
  ]);
  const [start, initialization] = events;
  assert(start?.kind === "start" && initialization?.kind === "initialization");
  assertEquals([start.folder, start.stepsPerEpoch, start.images], [
    path,
    2,
    { train: 16, test: 8 },
  ]);
  assertEquals([initialization.parameters, initialization.cost?.forwardPasses], [11_258, 1]);
  assertEquals([ended.status, ended.results.steps, ended.folder], ["finished", 4, path]);
  assert(structuredClone(events).length === events.length, "events can be sent to another thread");
});

Deno.test("runTraining() resumes a run where its signal stopped it", async () => {
  await using folder = await folderOf({});
  const path = `${folder.path}/run`, spec = await specOf(path, LINE), stop = new AbortController();
  const first = await runTraining({ ...spec, signal: stop.signal }, (event) => {
    if (event.kind === "epoch") stop.abort();
  });
  assertEquals([first.status, first.results.lastEpoch?.epoch], ["stopped", 1]);
  const { events, observe } = keeper();
  const earlier = { path, manifest: await readResumable("mnist", path) };
  const last = await runTraining({ ...spec, earlier }, observe);
  assertEquals(kinds(events).filter((kind) => kind !== "checkpoint"), [
    ...["start", "initialization", "memory", "epoch", "weights", "end"],
  ]);
  const [start] = events;
  assert(start?.kind === "start");
  assertEquals([start.resumed?.from?.step, start.resumed?.from?.epochs.length], [2, 1]);
  assertEquals([last.status, last.results.steps], ["finished", 4]);
});

Deno.test("runTraining() that is stopped in LSUV has no weights, and is resumed from the start", async () => {
  await using folder = await folderOf({});
  const line = `${LINE} --lsuv-mode fresh`, whole = `${folder.path}/whole`;
  const path = `${folder.path}/run`, spec = await specOf(path, line), stop = new AbortController();
  const { events, observe } = keeper();
  const first = await runTraining({ ...spec, signal: stop.signal }, async (event) => {
    await observe(event);
    if (event.kind === "start") stop.abort();
  });
  assertEquals([first.status, first.results.steps], ["stopped", 0]);
  assertEquals(kinds(events), ["start", "end"]);
  assertEquals((await readResumable("mnist", path)).status, "stopped");
  assertEquals([...Deno.readDirSync(path)].map(({ name }) => name), ["manifest.json"]);
  const earlier = { path, manifest: await readResumable("mnist", path) };
  const last = await runTraining({ ...spec, earlier }, keeper().observe);
  const expected = await runTraining(await specOf(whole, line), keeper().observe);
  assertEquals(last.results.lastEpoch?.trainLoss, expected.results.lastEpoch?.trainLoss);
  assertEquals([last.status, last.results.steps], ["finished", 4]);
});

Deno.test("runTraining() emits that a run failed, and throws its error", async () => {
  await using folder = await folderOf({});
  const { events, observe } = keeper(), spec = await specOf(`${folder.path}/run`, LINE);
  await assertRejects(
    () =>
      runTraining(spec, async (event) => {
        await observe(event);
        if (event.kind === "epoch") throw new Error("no more");
      }),
    Error,
    "no more",
  );
  assertEquals(events.at(-1), { kind: "failure", fault: "Error: no more" });
});

Deno.test("runTraining() rejects a batch larger than the data, and makes no folder", async () => {
  await using folder = await folderOf({});
  const spec = await specOf(`${folder.path}/run`, LINE.replace("--batch 8", "--batch 17"));
  const message = "--batch: expected at most the 16 training images, found 17";
  await assertRejects(() => runTraining(spec, () => {}), OptionError, message);
  assertEquals([...Deno.readDirSync(folder.path)], []);
});

Deno.test("runTraining() trains with schedules, factors and limits by layer, resumed to the same bits", async () => {
  const line =
    `${LINE} --epochs 3 --optimizer sgd --rate 0.1 --nesterov --momentum-end 0.5 --bias-rate 2 ` +
    "--layer-rates 1,1,1,1,1,1,0.5 --layer-decays 2 --max-norm 0.9 --schedule poly --init uniform --layer-stds 0.1";
  await using folder = await folderOf({});
  const stop = new AbortController(), cut = `${folder.path}/cut`, whole = `${folder.path}/whole`;
  const full = await specOf(whole, line), spec = await specOf(cut, line);
  await runTraining(full, () => {});
  await runTraining({ ...spec, signal: stop.signal }, ({ kind }) => {
    if (kind === "epoch") stop.abort();
  });
  const manifest = await readResumable("mnist", cut);
  const ended = await runTraining({ ...spec, earlier: { path: cut, manifest } }, () => {});
  assertEquals(ended.status, "finished");
  const [a, b] = await Promise.all(
    [cut, whole].map((path) => Deno.readFile(`${path}/weights.safetensors`)),
  );
  assertEquals(a, b);
});

Deno.test("runTraining() rejects images that the net cannot take before it makes a folder", async () => {
  await using folder = await folderOf({});
  const path = `${folder.path}/run`, line = LINE.replace("fitnetMnist", "fmpNet");
  const spec = await specOf(path, `${line} --pools 1 --shrink 16`);
  await assertRejects(
    () => runTraining(spec, () => {}),
    TaskError,
    "--net: expected images that fmpNet can take, found 28x28x1: [0] fmpNet: expected images of at most",
  );
  await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
});

Deno.test("runTraining() rejects numbers by layer before it makes a folder", async () => {
  await using folder = await folderOf({});
  const path = `${folder.path}/run`, spec = await specOf(path, `${LINE} --layer-rates 1,2`);
  await assertRejects(
    () => runTraining(spec, () => {}),
    OptionError,
    "--layer-rates: expected one number, or 7, one for each layer with weights, found 2",
  );
  await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
});

Deno.test("runTraining() resumes averages, parts, mixing and the best epoch to the same weights", async () => {
  await using folder = await folderOf({});
  const line =
    `${LINE} --epochs 3 --averaging 0.9 --accumulate 2 --mixup 0.4 --label-smoothing 0.1 ` +
    "--keep-best loss --schedule onecycle --optimizer adamw";
  const whole = `${folder.path}/whole`, cut = `${folder.path}/cut`, stop = new AbortController();
  const { results } = await runTraining(await specOf(whole, line), () => {});
  const spec = await specOf(cut, line);
  let epochs = 0;
  await runTraining({ ...spec, signal: stop.signal }, ({ kind }) => {
    if (kind === "epoch" && ++epochs === 2) stop.abort();
  });
  const manifest = await readResumable("mnist", cut);
  const ended = await runTraining({ ...spec, earlier: { path: cut, manifest } }, () => {});
  assertEquals(ended.results.bestEpoch?.testLoss, results.bestEpoch?.testLoss);
  const [a, b] = await Promise.all(
    [cut, whole].map((path) => Deno.readFile(`${path}/weights.safetensors`)),
  );
  assertEquals(a, b);
});

Deno.test("runTraining() saves the weights of the best epoch, and ends without patience", async () => {
  await using folder = await folderOf({});
  const rows: number[] = [], path = `${folder.path}/run`;
  // So large a rate that the first epoch is the best.
  const line = `${LINE} --epochs 6 --rate 0.5 --clip 1 --keep-best loss --patience 2`;
  const { status, results } = await runTraining(await specOf(path, line), (event) => {
    if (event.kind === "epoch") rows.push(event.row.testLoss);
  });
  const best = rows.indexOf(Math.min(...rows));
  assertEquals(status, "finished");
  assertEquals([results.bestEpoch!.epoch, results.bestEpoch!.testLoss], [best + 1, rows[best]]);
  assertEquals(results.lastEpoch!.epoch, Math.min(best + 3, 6));
});
