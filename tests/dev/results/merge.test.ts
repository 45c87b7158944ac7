/**
 * Adding runs of an experiment to its record.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { mergeRecords } from "../../../dev/results/merge.ts";
import { TaskError } from "../../../tasks/cli/command.ts";
import type { StoredCell, StoredRecord } from "../../../tasks/experiments/read_record.ts";

const cell = (row: string, seed: number, status: StoredCell["status"], accuracy = 0.5) =>
  ({ row, column: "c", seed, run: `runs/${row}_s${seed}`, status, accuracy }) as StoredCell;

const record = (seeds: number[], cells: StoredCell[], more: object = {}) =>
  ({
    ...{ format: 1, task: "t", title: "T", measure: "m", device: "cpu", rows: ["a", "b"] },
    ...{ columns: ["c"], seeds, scaled: ["shorter"], command: `deno task t --seeds ${seeds}` },
    cells,
    ...more,
  }) as unknown as StoredRecord;

const WHOLE = record([0], [cell("a", 0, "done", 0.7), cell("b", 0, "n/c")]);

Deno.test("mergeRecords() adds runs that have begun, and keeps those of the record", () => {
  const more = record(
    [0, 1],
    [cell("a", 0, "done", 0.1), cell("a", 1, "done", 0.8), cell("a", 2, "pending")],
    { rows: ["a"], scaled: ["shorter", "fewer"] },
  );
  const { cells, seeds, rows, scaled, command } = mergeRecords(WHOLE, more);
  assertEquals(cells.map(({ row, seed, accuracy }) => [row, seed, accuracy]), [
    ["a", 0, 0.7],
    ["b", 0, 0.5],
    ["a", 1, 0.8],
  ]);
  assertEquals({ seeds, rows, scaled }, {
    seeds: [0, 1],
    rows: ["a", "b"],
    scaled: ["shorter", "fewer"],
  });
  assertEquals(command, "deno task t --seeds 0\ndeno task t --seeds 0,1");
  const twice = mergeRecords(mergeRecords(WHOLE, more), more);
  assertEquals([twice.cells.length, twice.command], [3, command]);
});

Deno.test("mergeRecords() refuses another experiment, and rows that the record lacks", () => {
  assertThrows(
    () => mergeRecords(WHOLE, record([1], [], { device: "webgpu" })),
    TaskError,
    '--merge: expected the record\'s device, "cpu", found "webgpu"',
  );
  assertThrows(
    () => mergeRecords(WHOLE, record([1], [], { rows: ["z"] })),
    TaskError,
    "--merge: expected some of the record's rows, a; b, found z",
  );
});
