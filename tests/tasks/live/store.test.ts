import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Tuple } from "../../../src/tuple.ts";
import { applyChange } from "../../../tasks/live/changes.ts";
import type { LiveEvent } from "../../../tasks/live/events.ts";
import { ViewStore } from "../../../tasks/live/store.ts";
import type { RunView } from "../../../tasks/live/view.ts";
import { epoch, FACTS, of, progress, rowOf, START } from "./event_samples.ts";

/** A store that has had some events, and a copy that has only had the changes. */
function shown(...events: readonly LiveEvent[]) {
  const store = new ViewStore(), copy = structuredClone(store.view);
  for (const each of events) {
    for (const change of store.apply(each)) applyChange(copy, structuredClone(change));
    assertEquals(copy, store.view);
  }
  return { store, run: store.view.runs[store.view.current!] as RunView };
}

Deno.test("points are means since the last one, though what comes are means of the epoch", () => {
  const { run } = shown(
    START,
    progress(1, 9, 0),
    progress(41, 3, 100),
    progress(81, 2, 100),
    progress(140, 1.5, 200),
  );
  assertEquals(run.points.map(([step, steps]) => [step, steps]), [[1, 1], [41, 40], [81, 40], [
    140,
    40,
  ]]);
  const losses = run.points.map(([, , loss]) => loss);
  assertEquals(losses, [9, (3 * 41 - 9) / 40, (2 * 81 - 3 * 41) / 40, 1.5]);
});

Deno.test("the speed covers the steps since the last point, without the one that compiles", () => {
  // 20 steps of 10 images in one second, then 20 in half a second.
  const { run } = shown(START, progress(1, 1, 0), progress(21, 1, 200), progress(41, 1, 400 / 1.5));
  const [compiled, first, second] = run.points.map((point) => point[4]) as Tuple<number, 3>;
  assertEquals(compiled, NaN);
  assertEquals(first, 200);
  assertAlmostEquals(second, 400, 0.1);
});

Deno.test("the short end of an epoch is merged into the point before", () => {
  const { run } = shown(START, progress(49, 2, 100), progress(98, 2, 100), epoch(1, 2, 100));
  assertEquals(run.points.map(([step, steps]) => [step, steps]), [[49, 49], [100, 51]]);
  assertEquals(run.rows.length, 1);
  assertEquals(run.now?.left, 5);
});

Deno.test("an epoch without events before its end is a point", () => {
  const { run } = shown(START, epoch(1, 3, 100), epoch(2, 1, 100));
  assertEquals(run.points.map(([step, steps, loss]) => [step, steps, loss]), [
    [100, 100, 3],
    [200, 100, 1],
  ]);
});

Deno.test("a resumed run has its earlier epochs, and points from there", () => {
  const rows = [rowOf(1, 3, 100)];
  const { run } = shown(
    START,
    of({ kind: "recorded", tables: { epochs: rows, lsuv: [], layers: [] } }),
    progress(120, 2, 0),
    progress(160, 2, 80),
  );
  assertEquals(run.rows.length, 1);
  assertEquals(run.points.map(([step, steps]) => [step, steps]), [[120, 20], [160, 40]]);
  assertEquals(run.points[1]![4], 80);
});

Deno.test("hours of training stay bounded, and the resolution keeps halving", () => {
  const steps = 40_000, facts = { ...FACTS, epochs: 1, stepsPerEpoch: steps };
  const store = new ViewStore();
  store.apply(of({ kind: "start", facts }));
  for (let step = 1; step <= steps; step++) {
    const at = { step, steps, epoch: 0, trainLoss: 1, trainAccuracy: 0.5, imagesPerSecond: 10 };
    store.apply(of({ kind: "step", progress: at, secondsLeft: 1 }));
  }
  const { points } = store.view.runs[""]!;
  assertEquals(points.length <= 1200 && points.length >= 600, true);
  assertEquals(points.reduce((sum, point) => sum + point[1], 0), steps);
  assertEquals(new Set(points.slice(0, -1).map((point) => point[1])).size, 1);
});

Deno.test("LSUV's pieces are grouped by layer, snapshots by phase", () => {
  const piece = { trials: 1, converged: true, zero: false, before: 2, after: 1 };
  const snapshot = (phase: string, step: number) =>
    ["[0] conv", "[1] dense"].map((name, i) => (
      { step, phase, layer: i + 1, name, activationVariance: i + 1, gradientVariance: i + 2 }
    ));
  const { run } = shown(
    START,
    of({
      kind: "initialization",
      report: [{ ...piece, name: "[0] conv", piece: 0 }, { ...piece, name: "[0] conv", piece: 1 }],
    }),
    of({ kind: "layers", rows: snapshot("before lsuv", 0) }),
    of({ kind: "layers", rows: snapshot("after lsuv", 0) }),
    ...Array.from(
      { length: 40 },
      (_, i) => of({ kind: "layers", rows: snapshot(`epoch ${i + 1}`, 100 * (i + 1)) }),
    ),
  );
  assertEquals(run.scaling, [{ name: "[0] conv", before: [2, 2], after: [1, 1] }]);
  assertEquals(run.initial.map(({ phase }) => phase), ["before lsuv", "after lsuv"]);
  assertEquals(run.initial[0]!.gradient, [2, 3]);
  assertEquals(run.snapshots.at(-1)?.phase, "epoch 40");
  assertEquals(run.snapshots.length <= 12, true);
});

Deno.test("a run that has ended keeps fewer points once another starts; a running one keeps all", () => {
  const facts = { ...FACTS, epochs: 400 }, keys = ["a", "b"];
  const events = keys.flatMap((key) => [
    of({ kind: "start", facts }, key),
    ...Array.from(
      { length: 400 },
      (_, i) => of({ kind: "epoch", row: rowOf(i + 1, 1, 100), secondsLeft: 1 }, key),
    ),
  ]);
  const done = of({ kind: "status", status: "finished" }, "a");
  const { store } = shown(...events, done, of({ kind: "start", facts }, "c"));
  const [a, b] = keys.map((key) => store.view.runs[key]) as Tuple<RunView, 2>;
  assertEquals([a.points.length <= 150, a.rows.length], [true, 400]);
  assertEquals([b.points.length, b.rows.length], [400, 400]);
  assertEquals([store.view.current, store.view.status], ["c", "running"]);
  store.apply(of({ kind: "epoch", row: rowOf(401, 1, 100), secondsLeft: 1 }, "b"));
  assertEquals(store.view.runs.b!.points.length, 401);
});
