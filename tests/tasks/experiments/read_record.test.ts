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

const cell = (changes: Record<string, unknown>) => ({
  cells: [{ row: "a", column: "b", seed: 0, run: "runs/a", status: "done", ...changes }],
});

for (
  const [changes, says] of [
    [{ format: 2 }, "format to be 1, found 2"],
    [{ title: undefined }, "title to be a text, found nothing"],
    [{ rows: "a" }, 'rows to be a list of texts, found "a"'],
    [{ columns: [1] }, "columns to be a list of texts, found [1]"],
    [{ cells: {} }, "cells to be a list, found {}"],
    [{ cells: [1] }, "each cell to be an object, found 1"],
    [cell({ run: 1 }), "each cell to have the texts row, column and run"],
    [cell({ seed: "0" }), "each cell's seed to be a number"],
    [cell({ status: "lost" }), 'status to be one of done, n/c, failed, pending, found "lost"'],
    [{ paper: { a: { b: "many" } } }, 'paper to be numbers or "n/c" by row and column'],
    [{ scaled: "all" }, 'scaled to be a list of texts, found "all"'],
  ] as const
) {
  Deno.test(`parseRecord() rejects ${JSON.stringify(changes)}`, () => {
    const error = assertThrows(() => parseRecord(json(changes), FILE), TaskError, says);
    assertEquals(error.message.startsWith(`${FILE}: expected `), true);
  });
}
