/**
 * The table of variances by layer.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { layersTable } from "../../../dev/results/layers.ts";
import { TaskError } from "../../../tasks/cli/task_error.ts";
import type { Results } from "../../../tasks/report/results.ts";
import type { Run } from "../../../tasks/run/read_run.ts";

const unit = (name: string, piece: number, before: number, after: number) => (
  { name, piece, trials: piece + 1, before, after, converged: true, zero: false }
);

const results = (run: Partial<Run>): Results => ({
  kind: "run",
  title: "T",
  measure: "test accuracy, %",
  rows: ["lsuv"],
  columns: ["c"],
  cells: [{
    row: "lsuv",
    column: "c",
    seed: 0,
    status: "done",
    folder: "r",
    run: {
      name: "r",
      manifest: {},
      epochs: [],
      lsuv: [],
      layers: [],
      steps: [],
      missing: [],
      ...run,
    },
  }],
  facts: [],
  missing: [],
});

const LSUV = [
  unit("[0] conv", 0, 4, 1),
  unit("[0] conv", 1, 1, 1),
  unit("[2] dense", 0, 0.5, 0.98),
];

Deno.test("layersTable() has geometric means over pieces, and the end where it is known", () => {
  assertEquals(layersTable(results({ lsuv: LSUV })).rows.map((row) => row.flat()), [
    ["[0] conv", "2", "1", "2"],
    ["[2] dense", "0.5", "0.98", "1"],
  ]);
  const layers = [1, 2].map((layer) => ({
    step: 10,
    phase: "epoch 3",
    layer,
    name: "",
    activationVariance: layer / 3,
    gradientVariance: NaN,
  }));
  const { head, rows } = layersTable(results({ lsuv: LSUV, layers }));
  assertEquals(head.at(-1), "after epoch 3");
  assertEquals(rows.map((row) => row.at(-1)![0]), ["0.333", "0.667"]);
});

Deno.test("layersTable() of a run without LSUV's report is an error", () => {
  assertThrows(() => layersTable(results({})), TaskError, "found none");
});
