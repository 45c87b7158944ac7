import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../../tasks/cli/option_table.ts";
import type { ExperimentRecord } from "../../../tasks/experiments/record.ts";
import { checkResumable, mergeOutcomes } from "../../../tasks/experiments/resume.ts";
import { recordOf } from "./record.ts";

const FAULTS: readonly (readonly [changes: Partial<ExperimentRecord>, says: string])[] = [
  [{ task: "ablate:norm" }, "expected the task ablate:small, found ablate:norm"],
  [{ device: "webgpu" }, "expected the device cpu, found webgpu"],
  [
    { dataset: { name: "mnist", fingerprint: "b".repeat(64), train: 1, test: 1, note: "" } },
    "expected the data mnist aaaaaaaaaaaa…, found mnist bbbbbbbbbbbb…",
  ],
  [{ cells: [] }, "expected the run LSUV, ReLU, seed 0, found none"],
];

for (const [changes, says] of FAULTS) {
  Deno.test(`checkResumable() rejects other ${Object.keys(changes)}`, () => {
    const is = { ...recordOf(), ...changes };
    assertThrows(() => checkResumable("runs/x", recordOf(), is), OptionError, says);
  });
}

Deno.test("checkResumable() rejects a changed setting, and names it", () => {
  const is = recordOf({}, { epochs: 4 });
  assertThrows(
    () => checkResumable("runs/x", recordOf(), is),
    OptionError,
    "--out: runs/x holds an experiment that was started with other settings: expected in LSUV, ReLU, " +
      "seed 0 epochs 3, found 4; resume it with the same ones, or name another folder",
  );
});

Deno.test("checkResumable() allows another number of threads, and more seeds", () => {
  checkResumable("runs/x", recordOf(), recordOf({}, { threads: 7 }));
  checkResumable("runs/x", recordOf(), recordOf({ seeds: [0, 1] }));
});

Deno.test("mergeOutcomes() keeps the outcomes, and when it started", () => {
  const before = recordOf(), done = { ...before.cells[0]!, status: "done" as const, accuracy: 0.5 };
  const was = { ...before, startedAt: "then", cells: before.cells.with(0, done) };
  const { startedAt, cells } = mergeOutcomes(was, recordOf({ seeds: [0, 1] }));
  assertEquals(startedAt, "then");
  assertEquals(cells.map(({ status }) => status), ["done", ...Array(7).fill("pending")]);
});

Deno.test("checkResumable() takes an option that the record lacks for the net's default", () => {
  const is = recordOf({}, { net: "fitnet1", shrink: "1", batchnorm: "no" });
  const cells = is.cells.map(({ settings: { shrink: _, ...settings }, ...cell }) => ({
    ...cell,
    settings,
  }));
  checkResumable("runs/x", { ...is, cells }, is);
  const narrow = recordOf({}, { net: "fitnet1", shrink: "2", batchnorm: "no" });
  assertThrows(
    () => checkResumable("runs/x", { ...is, cells }, narrow),
    OptionError,
    'shrink "1", found "2"',
  );
});
