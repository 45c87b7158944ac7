import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Tuple } from "../../../src/tuple.ts";
import { OptionError, type Table } from "../../../tasks/cli/option_table.ts";
import { parseOptions } from "../../../tasks/cli/parse_options.ts";
import { EXPERIMENTS } from "../../../tasks/experiments/catalogue/mod.ts";
import { describeDifferences } from "../../../tasks/experiments/differences.ts";
import { planCells, type PlannedCell } from "../../../tasks/experiments/cells.ts";
import type { Length } from "../../../tasks/experiments/description.ts";
import { SMALL } from "./small.ts";

const experiment = (name: string, values: Record<string, unknown> = {}) =>
  EXPERIMENTS.find((each) => each.name === name)!.describe(values);

Deno.test("planCells() takes seeds one after another, each row by row and column by column", () => {
  const cells = planCells(SMALL, { length: "cpu", seeds: [0, 3], options: {} });
  assertEquals(cells.map(({ run }) => run), [
    "runs/lsuv_relu_s0",
    "runs/lsuv_tanh_s0",
    "runs/xavier_relu_s0",
    "runs/xavier_tanh_s0",
    "runs/lsuv_relu_s3",
    "runs/lsuv_tanh_s3",
    "runs/xavier_relu_s3",
    "runs/xavier_tanh_s3",
  ]);
  const { row, column, seed, settings } = cells[5]!;
  assertEquals([row, column, seed], ["LSUV", "tanh", 3]);
  assertEquals([settings.init, settings.activation, settings.seed], ["lsuv", "tanh", 3]);
  assertEquals([settings.epochs, settings.subset, settings.optimizer], [3, 24, "sgd"]);
});

Deno.test("planCells() overrides common options by the command line, and both by specific options", () => {
  const special = [{ row: "LSUV", column: "tanh", options: { rate: 0.5, "drop-shares": [0.5] } }];
  const description = { ...SMALL, options: { ...SMALL.options, rate: 0.25 }, special };
  const choice = { length: "cpu", seeds: [0], options: { epochs: 8, rate: 1 } } as const;
  const found = planCells(description, choice).map(({ settings }) => settings);
  assertEquals(found.map(({ rate }) => rate), [1, 0.5, 1, 1]);
  assertEquals(found.map(({ epochs }) => epochs), [8, 8, 8, 8]);
  assertEquals(found[1]!.dropAt, [4]);
});

Deno.test("planCells() gives the command line that trains the same", () => {
  const [{ args }] = planCells(SMALL, { length: "cpu", seeds: [1], options: {} }) as Tuple<
    PlannedCell,
    1
  >;
  assertEquals(
    args.join(" "),
    "--epochs 3 --preset quick --optimizer sgd --subset 24 --test-subset 20 --batch 4 --net torchMnist " +
      "--activation relu --init lsuv --seed 1",
  );
});

Deno.test("planCells() rejects options that no training task takes", () => {
  const rows = [{ name: "LSUV", options: { init: "lsuw" } }];
  assertThrows(
    () => planCells({ ...SMALL, rows }, { length: "cpu", seeds: [0], options: {} }),
    OptionError,
    "--init: expected one of lsuv",
  );
});

/** Every value of every option of an experiment, one at a time. */
function choicesOf(options: Table): Record<string, unknown>[] {
  const parsed = parseOptions(options, []);
  assert(parsed !== "help");
  return [
    parsed.values,
    ...Object.entries(options).flatMap(([name, option]) =>
      option.kind === "choice"
        ? option.choices.map((choice) => ({ ...parsed.values, [name]: choice }))
        : []
    ),
  ];
}

for (const { name, options = {}, describe } of EXPERIMENTS) {
  Deno.test(`${name} has runs at every length, and the paper's numbers for some of them`, () => {
    for (const values of choicesOf(options)) {
      const description = describe(values), { rows, columns, paper, differs } = description;
      assertEquals(description.task, name);
      for (const length of ["quick", "cpu", "gpu", "paper"] satisfies Length[]) {
        assert(planCells(description, { length, seeds: [0, 1], options: {} }).length > 0);
      }
      const named = Object.entries(paper ?? {});
      for (const [row, numbers] of named) {
        assert(rows.some((each) => each.name === row), row);
        for (const column of Object.keys(numbers)) {
          const known = columns.some((each) => each.name === column);
          assert(known || values.activation !== "all", column);
        }
      }
      assert(named.length > 0 || differs.length > 0);
    }
  });
}

Deno.test("repro:table3 has the authors' solvers at the paper's length", () => {
  const cells = planCells(experiment("repro:table3"), { length: "paper", seeds: [0], options: {} });
  const at = (row: string, column: string) =>
    cells.find((cell) => cell.row === row && cell.column === column)!.settings;
  const { net, blocks, epochs, rate, momentum, batch, dropAt } = at("LSUV", "maxout");
  assertEquals([net, blocks, epochs, rate, momentum, batch], [
    "fitnet4",
    "5-6-6",
    230,
    0.01,
    0.9,
    128,
  ]);
  assertEquals(dropAt.map(Math.round), [102, 153, 204]);
  const { lsuv, lsuvMode, lsuvDropout } = at("LSUV", "tanh");
  assertEquals([lsuv, lsuvMode, lsuvDropout], ["paper2015", "fresh", true]);
  const xavier = at("Xavier", "maxout"), msra = at("MSRA", "maxout");
  assertEquals([xavier.rate, xavier.momentum, xavier.clip], [0.01, 0.5, undefined]);
  assertEquals([msra.rate, msra.momentum, msra.clip], [0.001, 0.5, 50]);
  assertEquals(msra.dropAt.map(Math.round), [204]);
  assertEquals([at("MSRA", "ReLU").momentum, at("MSRA", "ReLU").clip], [0.9, undefined]);
  assertEquals(cells.length, 25);
});

Deno.test("repro:table2 has the authors' solvers of MNIST and CIFAR-100", () => {
  const choice = { length: "paper", seeds: [0], options: {} } as const;
  const mnist = planCells(experiment("repro:table2", { block: "mnist" }), choice);
  const fitnets = mnist.filter(({ row }) => /^FitNet-(LSUV|Ortho)/.test(row));
  const { optimizer, rate, decay, batch, epochs, decayBiases } = fitnets[0]!.settings;
  assertEquals([optimizer, rate, decay, batch, epochs, decayBiases], [
    "rmsprop",
    0.002,
    0.99,
    64,
    53,
    true,
  ]);
  assertEquals(fitnets.map(({ row, settings }) => [row, settings.loss]), [
    ["FitNet-Ortho", "softmax"],
    ["FitNet-LSUV", "softmax"],
    ["FitNet-Ortho-SVM", "hinge"],
    ["FitNet-LSUV-SVM", "hinge"],
  ]);
  const cifar = planCells(experiment("repro:table2", { block: "cifar100" }), choice);
  const rms = cifar[1]!.settings;
  assertEquals([rms.dataset, rms.optimizer, rms.rate, rms.decay, rms.dropBy, rms.epochs], [
    "cifar100",
    "rmsprop",
    0.0005,
    0.9,
    0.5,
    486,
  ]);
  assertEquals(rms.dropAt.map((epoch) => Math.round(epoch * 190 / 486)), [
    70,
    100,
    130,
    150,
    170,
    180,
  ]);
  assertEquals(cifar[0]!.settings.epochs, 230);
});

Deno.test("repro:blog has the blog's solver, and orthonormal weights of gain √2 without LSUV", () => {
  const cells = planCells(experiment("repro:blog"), { length: "cpu", seeds: [0], options: {} });
  const { net, activation, batch, momentum, weightDecay, dropAt } = cells[0]!.settings;
  assertEquals([net, activation, batch, momentum, weightDecay, dropAt], [
    "torchMnist",
    "relu",
    100,
    0,
    0,
    [],
  ]);
  const none = cells.filter(({ column }) => column.startsWith("none"));
  assert(none.every(({ settings }) => settings.gain === Math.SQRT2));
  assertEquals(cells.length, 12);
});

Deno.test("repro:table2 trains every method of the paper by its authors' recipe", () => {
  const planned = (values: Record<string, unknown>, length: Length) =>
    planCells(experiment("repro:table2", values), {
      length,
      seeds: [0, 1],
      options: {},
      out: "/results",
    });
  const mnist = planned({ block: "mnist" }, "paper");
  const of = (cells: readonly PlannedCell[], row: string) => cells.find((c) => c.row === row)!;
  assertEquals(new Set(mnist.map(({ row }) => row)).size, 11);
  const narrow = of(mnist, "HighWay-16").settings, wide = of(mnist, "HighWay-32").settings;
  assertEquals([narrow.shrink, wide.shrink, wide.rate, wide.epochs], ["2", "1", 0.01, 300]);
  assertEquals([of(mnist, "DSN-SVM").settings.loss, of(mnist, "MIN").settings.epochs], [
    "squaredHinge",
    200,
  ]);
  const cifar = planned({ block: "cifar10" }, "paper");
  assertEquals(new Set(cifar.map(({ row }) => row)).size, 14);
  const hints = of(cifar, "FitNet4-Hints");
  assertEquals([hints.after, hints.settings.teacher, hints.settings.hintLayers], [
    "runs/maxout_test-accuracy_s0",
    "/results/runs/maxout_test-accuracy_s0",
    11,
  ]);
  const twelve = of(cifar, "Fractional MP, 12 tests");
  assertEquals([twelve.retests, twelve.after], [
    true,
    "runs/fractional-mp-1-test_test-accuracy_s0",
  ]);
  for (const [i, { after }] of cifar.entries()) {
    assert(!after || cifar.findIndex(({ run }) => run === after) < i, "dependent runs come later");
  }
  const budget = planned({ block: "cifar10", budget: 8, shrink: "2" }, "paper");
  for (const { row, settings: { epochs, pretrainEpochs = 0 } } of budget) {
    assertEquals(epochs + pretrainEpochs, 8, row);
  }
  assertEquals(of(budget, "maxout").settings.shrink, "2");
  assertEquals(of(planned({ block: "cifar10" }, "cpu"), "Large ALL-CNN").settings.shrink, "16");
});

Deno.test("planCells() rejects a run whose teacher is not planned", () => {
  const rows = [{ name: "student", teacher: "teacher", options: { distill: 1 } }];
  assertThrows(
    () => planCells({ ...SMALL, rows }, { length: "cpu", seeds: [0], options: {} }),
    Error,
    "expected runs/teacher_relu_s0, before runs/student_relu_s0, found none",
  );
});

Deno.test("describeDifferences() does not call all images of a data set fewer", () => {
  const all = {
    ...SMALL,
    options: { ...SMALL.options, subset: undefined },
    lengths: { quick: {}, cpu: {}, gpu: {}, paper: {} },
  };
  const cells = (subset: number) =>
    planCells(all, { length: "cpu", seeds: [0], options: { subset } });
  const said = (subset: number, images?: number) =>
    describeDifferences(all, cells(subset), { length: "cpu", procedural: false, images })
      .filter((each) => each.includes("training images"));
  assertEquals(said(20, 30), ["20 training images instead of all"]);
  assertEquals(said(30, 30), []);
  assertEquals(said(30), ["30 training images instead of all"]);
});
