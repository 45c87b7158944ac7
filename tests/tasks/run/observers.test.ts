/**
 * Observers of a run: one after another, and what the one that keeps its folder writes.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { attachAll, type Attached } from "../../../tasks/run/attach.ts";
import { type Observer, observers, type RunEvent } from "../../../tasks/run/events.ts";
import { readRun } from "../../../tasks/run/read_run.ts";
import { recordRun } from "../../../tasks/run/record_run.ts";
import { RunFolder } from "../../../tasks/run/run_folder.ts";
import { folderOf } from "../../data/fixtures.ts";
import { pause } from "../../pause.ts";

const row = (epoch: number) => ({
  epoch,
  step: 10 * epoch,
  trainLoss: 0.5,
  trainAccuracy: 0.25,
  testLoss: 0.75,
  testAccuracy: 1,
  seconds: 2,
  imagesPerSecond: 64,
});
const layer = (step: number, phase: string) => ({
  step,
  phase,
  layer: 1,
  name: "[0] conv",
  activationVariance: 1,
  gradientVariance: 0.5,
});
const LSUV = {
  name: "[0] conv",
  piece: 0,
  trials: 1,
  before: 4,
  after: 1,
  converged: true,
  zero: false,
};
const RESULTS = { parameters: 7, steps: 20, seconds: 4, lastEpoch: row(2) };

Deno.test("observers() passes an event to the next observer only when the one before has handled it", async () => {
  const seen: string[] = [];
  const slow: Observer<string> = async (event) => {
    await pause(5);
    seen.push(`slow ${event}`);
  };
  const emit = observers<string>(slow, undefined, (event) => void seen.push(`quick ${event}`));
  await emit("a");
  await emit("b");
  assertEquals(seen, ["slow a", "quick a", "slow b", "quick b"]);
});

Deno.test("attachAll() opens what the options ask for, and disposes of it at the end", async () => {
  const seen: string[] = [];
  const attached = (name: string): Attached<string> => ({
    observe: (event) => void seen.push(`${name} ${event}`),
    [Symbol.asyncDispose]: () => Promise.resolve(void seen.push(`${name} is let go`)),
  });
  const all = ["page", "figures"].map((name) => (values: { readonly [name: string]: boolean }) =>
    Promise.resolve(values[name] ? attached(name) : undefined)
  );
  {
    await using both = await attachAll(all, { page: true, figures: true });
    await both.observe("start");
  }
  assertEquals(seen, ["page start", "figures start", "figures is let go", "page is let go"]);
  const fails = () => Promise.reject(new Error("taken"));
  await assertRejects(() => attachAll([all[0]!, fails], { page: true }), Error, "taken");
  assertEquals(seen.at(-1), "page is let go");
});

async function recorded(path: string, events: readonly RunEvent[], again = false) {
  const folder = again
    ? RunFolder.reopen(path, "mnist", { status: "stopped", seed: 3 })
    : await RunFolder.create(path, "mnist");
  const observe = recordRun(folder);
  for (const event of events) await observe(event);
  return await readRun(path, "a run");
}

Deno.test("recordRun() writes each event to the run's folder as it happens", async () => {
  await using parent = await folderOf({});
  const cost = { initSeconds: 0.5, forwardPasses: 2 };
  const { manifest, epochs, lsuv, layers } = await recorded(`${parent.path}/run`, [
    { kind: "initialization", parameters: 7, report: [LSUV], cost },
    { kind: "layers", rows: [layer(0, "before lsuv")] },
    { kind: "layers", rows: [layer(0, "after lsuv")] },
    { kind: "epoch", row: row(1), epochs: 2 },
    { kind: "layers", rows: [layer(10, "epoch 1")] },
    { kind: "checkpoint", step: 10, seconds: 0.1 },
    { kind: "epoch", row: row(2), epochs: 2 },
    { kind: "profile", rows: [{ kernel: "k", ms: 1, share: 1 }], text: "", summary: { ms: 1 } },
    { kind: "end", status: "finished", results: RESULTS },
  ]);
  assertEquals([epochs, lsuv], [[row(1), row(2)], [LSUV]]);
  assertEquals(layers.map(({ phase }) => phase), ["before lsuv", "after lsuv", "epoch 1"]);
  const { status, initialisation, results, profile } = manifest;
  assertEquals([status, initialisation, results, profile], ["finished", cost, RESULTS, { ms: 1 }]);
  assertEquals(Object.keys(manifest), [
    "status",
    "initialisation",
    "ended",
    "results",
    "profile",
  ]);
});

Deno.test("recordRun() continues the tables of a resumed run from its checkpoint", async () => {
  await using parent = await folderOf({});
  const path = `${parent.path}/run`;
  await recorded(path, [
    { kind: "epoch", row: row(1), epochs: 3 },
    { kind: "layers", rows: [layer(10, "epoch 1")] },
    { kind: "epoch", row: row(2), epochs: 3 },
    { kind: "layers", rows: [layer(20, "epoch 2")] },
  ]);
  const from = { step: 15, path: "step-15", device: "cpu", epochs: [row(1)] };
  const start = { kind: "start", resumed: { from, damaged: [] } } as unknown as RunEvent;
  const again = await recorded(path, [start, { kind: "epoch", row: row(2), epochs: 3 }], true);
  assertEquals(again.epochs.map(({ epoch }) => epoch), [1, 2]);
  const { layers } = await recorded(
    path,
    [start, { kind: "layers", rows: [layer(20, "again")] }],
    true,
  );
  assertEquals(layers.map(({ phase }) => phase), ["epoch 1", "again"]);
});

/** The events of losses that every batch of a run has: 1 in the first step, then 2, 3 and so on. */
const losses = (stepsPerEpoch: number, ...steps: readonly number[]): readonly RunEvent[] =>
  steps.map((step) => {
    const epoch = Math.ceil(step / stepsPerEpoch), first = (epoch - 1) * stepsPerEpoch + 1;
    return { kind: "loss", step, epoch, epochLoss: (first + step) / 2 };
  });

Deno.test("recordRun() writes the mean loss of the steps since the row before, within an epoch", async () => {
  await using parent = await folderOf({});
  const path = `${parent.path}/run`, start = { kind: "start", stepsPerEpoch: 5 };
  const { steps } = await recorded(path, [
    start as unknown as RunEvent,
    ...losses(5, 2, 4, 5, 6, 8, 10, 12),
  ]);
  assertEquals(steps.map(({ step, loss }) => [step, loss]), [
    [2, 1.5],
    [4, 3.5],
    [5, 5],
    [6, 6],
    [8, 7.5],
    [10, 9.5],
    [12, 11.5],
  ]);
  assertEquals(steps.map(({ epoch }) => epoch), [1, 1, 1, 2, 2, 2, 3]);
  const from = { step: 7, path: "step-7", device: "cpu", epochs: [row(1)] };
  const resumed = { ...start, resumed: { from, damaged: [] } } as unknown as RunEvent;
  const again = await recorded(path, [resumed, ...losses(5, 8, 10, 12)], true);
  assertEquals(again.steps, steps);
});

Deno.test("recordRun() keeps the first error where even that cannot be written", async () => {
  await using parent = await folderOf({});
  const path = `${parent.path}/run`;
  const { manifest } = await recorded(path, [{ kind: "failure", fault: "Error: no" }]);
  assertEquals([manifest.status, manifest.fault], ["failed", "Error: no"]);
  await Deno.remove(path, { recursive: true });
  const gone = RunFolder.reopen(path, "mnist", {});
  await recordRun(gone)({ kind: "failure", fault: "Error: no" });
});
