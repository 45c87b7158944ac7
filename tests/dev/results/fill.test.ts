/**
 * Marks of the page of results.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { someEpochs } from "../../../dev/results/epochs.ts";
import { chooseParts, fillMarks } from "../../../dev/results/fill.ts";
import { numberMarks, pairText, quantityText } from "../../../dev/results/numbers.ts";
import { commandsOf, factsText, scaledText } from "../../../dev/results/source.ts";
import { TaskError } from "../../../tasks/cli/task_error.ts";
import { dotPlot } from "../../../tasks/report/figures/dots.ts";
import { readResults } from "../../../tasks/report/read_results.ts";
import { type Results, transposed } from "../../../tasks/report/results.ts";
import { compactTable } from "../../../tasks/report/sections/compact.ts";
import { experimentFolder } from "../../tasks/report/fixtures.ts";

const join = (...words: string[]) => words.join("|");

Deno.test("fillMarks() replaces marks, also over lines, and keeps quoted words together", async () => {
  const filled = await fillMarks('a {{ join x "y, z" }} b {{ join\n  u }}.', { join });
  assertEquals(filled, "a x|y, z b u.");
});

Deno.test("fillMarks() names the mark that it cannot replace", async () => {
  const rejected = async (text: string) =>
    (await assertRejects(() => fillMarks(text, { join }), TaskError)).message;
  assertEquals(await rejected("{{ mena a }}"), "{{ mena }}: expected one of join, found mena");
  assertEquals(await rejected("{{ }}"), "{{  }}: expected one of join, found nothing");
});

Deno.test("chooseParts() keeps what there are records for", async () => {
  const text =
    "{{ when a }}\n\nA\n\n{{ end }}\n\n{{ unless a }}no A{{ end }}{{ when b }}B{{ end }}{{ unless b }}no B{{ end }}";
  assertEquals(await chooseParts(text, (name) => Promise.resolve(name === "a")), "A\n\nno B\n\n");
});

Deno.test("someEpochs() are about ten, the first and the last among them", () => {
  assertEquals(someEpochs(3), [1, 2, 3]);
  assertEquals(someEpochs(53), [1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 53]);
  assertEquals(someEpochs(230).length, 13);
  assertEquals(someEpochs(230).at(-1), 230);
});

const cell = (row: string, seed: number, accuracy: number) => (
  { row, column: "c", seed, status: "done", accuracy, folder: `${row}${seed}` } as const
);

const results = (cells: Results["cells"]): Results => ({
  kind: "experiment",
  title: "T",
  measure: "test error %",
  rows: ["a", "b"],
  columns: ["c"],
  paper: { a: { c: 1.5 } },
  cells,
  facts: [],
  missing: [],
});

Deno.test("pairText() tests differences over the seeds that both rows have", () => {
  const three = results([
    ...[0.97, 0.98, 0.99].map((accuracy, seed) => cell("a", seed, accuracy)),
    ...[0.96, 0.965, 0.97, 0.5].map((accuracy, seed) => cell("b", seed, accuracy)),
  ]);
  assertEquals(
    pairText(three, ["a", "c"], ["b", "c"]),
    "+1.50 ± 0.50 points over 3 seeds, paired t-test p = 0.04",
  );
  const one = results([cell("a", 0, 0.97), cell("b", 0, 0.96), cell("b", 1, 0.9)]);
  assertEquals(pairText(one, ["a", "c"], ["b", "c"]), "+1.00 points with one seed, so untested");
  assertEquals(
    pairText(results([cell("a", 0, 1), cell("b", 1, 1)]), ["a", "c"], ["b", "c"]),
    "no seed in common",
  );
});

Deno.test("compactTable() of one column has published numbers, seeds, epochs and time", () => {
  const cells = [0.97, 0.99].map((accuracy, seed) => ({
    ...cell("a", seed, accuracy),
    epochs: 2,
    seconds: 60 + seed * 20,
  }));
  const { head, rows } = compactTable(results(cells));
  assertEquals(head, ["", "test error %", "published", "n", "epochs", "time"]);
  assertEquals(rows.map((row) => row.map(([text]) => text)), [
    ["a", "2.00 ± 1.41", "1.50", "2", "2", "1 min 10 s"],
    ["b", "–", "", "", "–", "–"],
  ]);
  assertEquals(quantityText(results(cells), "seconds", "a", "c"), "1 min 10 s");
});

Deno.test("compactTable() of columns has published numbers in parentheses, and unusual counts", async () => {
  await using folder = await experimentFolder();
  const found = await readResults(folder.path), { caption, rows } = compactTable(found);
  assertEquals(
    caption,
    "Test accuracy, %, 2 seeds: mean ± standard deviation; in parentheses the published number. " +
      "n/c: did not converge.",
  );
  assertEquals(rows.map((row) => row.map(([text]) => text)), [
    ["LSUV", "61.00 ± 1.41 (92.11)", "61.00 ± 1.41 (89.28)"],
    ["Xavier <fan-in>", "61.00 ± 1.41 (60.00)", "n/c (n/c); 1 n/c, 1 pending"],
  ]);
  assertEquals(commandsOf(found).length, 1);
  assertEquals(factsText(found).includes("commit abc1234"), true);
  assertEquals(scaledText(found).startsWith("Different from what was published: "), true);
});

Deno.test("dotPlot() has a line for each row that was run, with what was published", () => {
  const { rows, other, axis } = dotPlot(results([cell("a", 0, 0.97), cell("a", 1, 0.99)]));
  assertEquals(rows.map(({ name, values }) => [name, values.length]), [["a", 2]]);
  assertEquals([rows[0]!.other, other], [1.5, "published"]);
  assertEquals(axis.domain[0] < 1 && axis.domain[1] > 3, true);
});

Deno.test("transposed() turns rows, columns and published numbers", () => {
  const turned = transposed(results([cell("a", 0, 0.97)]));
  assertEquals([turned.rows, turned.columns, turned.paper], [["c"], ["a", "b"], { c: { a: 1.5 } }]);
  assertEquals(turned.cells[0]!.row, "c");
});

Deno.test("marks of pairs compare two rows of a column, or two columns of a row", async () => {
  const two = {
    ...results([cell("a", 0, 0.97), cell("b", 0, 0.96), { ...cell("a", 0, 0.99), column: "d" }]),
    columns: ["c", "d"],
  };
  const { pair, pairInRow } = numberMarks(() => Promise.resolve(two));
  assertEquals(await pair!("name", "a", "b"), "+1.00 points with one seed, so untested");
  assertEquals(await pairInRow!("name", "a", "c", "d"), "−2.00 points with one seed, so untested");
});
