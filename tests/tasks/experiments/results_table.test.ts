import { assertEquals, assertStringIncludes } from "@std/assert";
import type { CellRecord, ExperimentRecord } from "../../../tasks/experiments/record.ts";
import { resultsCsv } from "../../../tasks/experiments/results_csv.ts";
import { resultsTable, summaryText } from "../../../tasks/experiments/results_table.ts";
import { recordOf } from "./record.ts";

/** What runs of the small experiment came to, by the names of their folders. */
type Outcomes = Readonly<Record<string, Partial<CellRecord>>>;

/** The small experiment with two seeds. */
function recordWith(outcomes: Outcomes): ExperimentRecord {
  const record = recordOf({ seeds: [0, 1] });
  const cells = record.cells.map((cell) => ({
    ...cell,
    ...outcomes[cell.run.slice("runs/".length)],
  }));
  return { ...record, cells };
}

const OUTCOMES: Outcomes = {
  lsuv_relu_s0: { status: "done", accuracy: 0.91, initSeconds: 0.5, forwardPasses: 3 },
  lsuv_relu_s1: { status: "done", accuracy: 0.92, initSeconds: 1.5, forwardPasses: 5 },
  lsuv_tanh_s0: { status: "n/c", accuracy: 0.1 },
  lsuv_tanh_s1: { status: "n/c" },
  xavier_relu_s0: { status: "done", accuracy: 0.5 },
  xavier_relu_s1: { status: "failed", message: "no room, none" },
};

Deno.test("resultsTable() has the paper's numbers, with mean, deviation and difference", () => {
  assertEquals(resultsTable(recordWith(OUTCOMES)).split("\n"), [
    "A small experiment: 2 seeds, mean ± standard deviation",
    "              test accuracy %  paper  difference  init s  passes",
    "LSUV    ReLU     91.50 ± 0.71  90.00       +1.50    1.00       4",
    "LSUV    tanh              n/c    n/c           –       –       –",
    "Xavier  ReLU  50.00, 1 failed      –           –       –       –",
    "Xavier  tanh          pending      –           –       –       –",
  ]);
});

Deno.test("resultsTable() of an error and without a paper", () => {
  const same = { status: "done", accuracy: 0.9952 } as const;
  const record = recordWith({ lsuv_relu_s0: same, lsuv_relu_s1: same });
  const table = resultsTable({ ...record, measure: "test error %", paper: null });
  assertEquals(table.split("\n").slice(1, 3), [
    "              test error %",
    "LSUV    ReLU   0.48 ± 0.00",
  ]);
});

Deno.test("resultsTable() has accuracy and loss on training images where they are asked for", () => {
  const of = (trainAccuracy: number, trainLoss: number) =>
    ({ status: "done", accuracy: 0.9, trainAccuracy, trainLoss }) as const;
  const record = recordWith({ lsuv_relu_s0: of(0.98, 0.5), lsuv_relu_s1: of(0.99, 0.25) });
  const table = resultsTable({ ...record, paper: null, training: true });
  assertEquals(table.split("\n").slice(1, 4), [
    "              test accuracy %  training %  training loss",
    "LSUV    ReLU     90.00 ± 0.00       98.50         0.3750",
    "LSUV    tanh          pending           –              –",
  ]);
});

Deno.test("summaryText() names the data and the differences from the paper", () => {
  const text = summaryText(recordWith(OUTCOMES));
  assertStringIncludes(text, "data: mnist, 24 training and 20 test images\ndevice: cpu\n");
  assertStringIncludes(text, "what differs from the paper:\n- it is small");
});

Deno.test("resultsCsv() has one line per run", () => {
  const lines = resultsCsv(recordWith(OUTCOMES)).trimEnd().split("\r\n");
  assertEquals(lines.length, 9);
  assertEquals(
    lines[0],
    "row,column,seed,status,accuracy,loss,trainAccuracy,trainLoss,epochs,forwardPasses,initSeconds,seconds," +
      "imagesPerSecond,run,message,data",
  );
  assertEquals(lines[7], 'Xavier,ReLU,1,failed,,,,,,,,,,runs/xavier_relu_s1,"no room, none",mnist');
});
