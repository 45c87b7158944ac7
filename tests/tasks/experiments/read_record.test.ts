import { assertEquals, assertThrows } from "@std/assert";
import { TaskError } from "../../../tasks/cli/command.ts";
import { parseRecord } from "../../../tasks/experiments/read_record.ts";
import { recordOf } from "./record.ts";

const FILE = "runs/x/experiment.json";

/** The small experiment's record as a file has it. */
const json = (changes: Record<string, unknown> = {}): Record<string, unknown> =>
  JSON.parse(JSON.stringify({ ...recordOf(), ...changes }));

Deno.test("parseRecord() takes what writeRecord() writes, as it is", () => {
  assertEquals(parseRecord(json(), FILE) as unknown, json());
});

Deno.test("parseRecord() takes a record with only its runs, rows and columns", () => {
  const cells = [{ row: "a", column: "b", seed: 0, run: "runs/a", status: "done", loss: null }];
  const least = { format: 1, title: "t", rows: ["a"], columns: ["b"], cells };
  assertEquals(parseRecord(least, FILE) as unknown, least);
});

Deno.test("parseRecord() says which version wrote a record that it cannot read", () => {
  assertThrows(
    () => parseRecord(json({ format: 2, version: "9.0.0" }), FILE),
    TaskError,
    `${FILE}: format: expected 1, found 2; version 9.0.0 wrote it, and this is `,
  );
});

Deno.test("parseRecord() rejects a run of another row", () => {
  assertThrows(
    () => parseRecord({ ...json(), ...cell({ row: "z" }), rows: ["a"], columns: ["b"] }, FILE),
    TaskError,
    `${FILE}: cells[0].row: expected one of the experiment's, found "z"`,
  );
});

const cell = (changes: Record<string, unknown>) => ({
  cells: [{ row: "a", column: "b", seed: 0, run: "runs/a", status: "done", ...changes }],
});

for (
  const [changes, says] of [
    [{ format: 2 }, "format: expected 1, found 2"],
    [{ title: undefined }, "title: expected a text, found nothing"],
    [{ rows: "a" }, 'rows: expected a list, found "a"'],
    [{ columns: [1] }, "columns[0]: expected a text, found 1"],
    [{ cells: {} }, "cells: expected a list, found {}"],
    [{ cells: [1] }, "cells[0]: expected an object, found 1"],
    [cell({ run: 1 }), "cells[0].run: expected a text, found 1"],
    [cell({ seed: "0" }), 'cells[0].seed: expected an integer of at least 0, found "0"'],
    [
      cell({ status: "lost" }),
      'cells[0].status: expected one of done, n/c, failed, pending, found "lost"',
    ],
    [{ paper: { a: { b: "many" } } }, 'paper.a.b: expected a number or n/c, found "many"'],
    [{ scaled: "all" }, 'scaled: expected a list, found "all"'],
  ] as const
) {
  Deno.test(`parseRecord() rejects ${JSON.stringify(changes)}`, () => {
    const error = assertThrows(() => parseRecord(json(changes), FILE), TaskError, says);
    assertEquals(error.message.startsWith(`${FILE}: `), true);
  });
}
