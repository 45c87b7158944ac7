import { assertEquals } from "@std/assert";
import { compareRows } from "../../../tasks/experiments/comparison.ts";

const cell = (row: string, status: string, accuracy?: number, seed = 0) => ({
  row,
  column: "ReLU",
  seed,
  status,
  accuracy,
});

const ONE = "One seed: another one may change the order of those that learn.";

const compare = (cells: readonly ReturnType<typeof cell>[], measure = "test accuracy %") =>
  compareRows({
    measure,
    rows: [...new Set(cells.map(({ row }) => row))],
    columns: [...new Set(cells.map(({ column }) => column))],
    cells,
    testImages: 400,
  });

Deno.test("compareRows() says which rows learn, stay at chance and diverge", () => {
  assertEquals(
    compare([
      cell("LSUV", "done", 0.9),
      cell("Xavier, fan-in", "done", 0.7),
      cell("Gaussian", "n/c", 0.1),
      cell("MSRA", "n/c"),
    ]),
    [
      "ReLU: LSUV and “Xavier, fan-in” learn; Gaussian stays at chance; MSRA diverges; best is LSUV (90.0).",
      ONE,
    ],
  );
});

Deno.test("compareRows() calls no row better than the error of the test images allows", () => {
  const close = [cell("a", "done", 0.9), cell("b", "done", 0.88), cell("c", "done", 0.5)];
  assertEquals(compare(close), [
    "ReLU: all of them learn; best is a (90.0), and as good within the error of 400 test images is b (88.0).",
    ONE,
  ]);
  assertEquals(compare(close.slice(0, 2)), [
    "ReLU: all of them learn; none is better than another by more than the error of 400 test images.",
    ONE,
  ]);
});

Deno.test("compareRows() takes the spread over seeds where it is larger", () => {
  const seeds = (row: string, ...all: number[]) =>
    all.map((each, seed) => cell(row, "done", each, seed));
  const [found, ...others] = compare([...seeds("a", 0.9, 0.5), ...seeds("b", 0.6, 0.55)]);
  assertEquals(
    found,
    "ReLU: all of them learn; none is better than another by more than the error of 400 test images.",
  );
  assertEquals(others, []);
});

Deno.test("compareRows() takes less for better where the measure is an error", () => {
  const [found] = compare(
    [cell("a", "done", 0.99), cell("b", "done", 0.5), cell("c", "n/c", 0.1)],
    "test error %",
  );
  assertEquals(found, "ReLU: a and b learn; c stays at chance; best is a (1.00).");
});

Deno.test("compareRows() compares the columns of a single row", () => {
  const cells = [["LSUV", 0.9], ["none", 0.5]] as const;
  const found = compareRows({
    measure: "test accuracy %",
    rows: ["all images"],
    columns: ["LSUV", "none"],
    cells: cells.map(([column, accuracy]) => ({ ...cell("all images", "done", accuracy), column })),
    testImages: 400,
  });
  assertEquals(found, ["all images: all of them learn; best is LSUV (90.0).", ONE]);
});

Deno.test("compareRows() is silent where no run has ended", () => {
  assertEquals(compare([cell("a", "pending"), cell("b", "failed")]), []);
});
