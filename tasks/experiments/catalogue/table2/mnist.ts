/**
 * The right block of table 2: MNIST.
 *
 * @module
 */
import type { Description, RunOptions, Variant } from "../../description.ts";
import { AUTHORS_LSUV, MNIST_LENGTHS } from "../nets.ts";
import { hintsRow } from "./hints.ts";
import { column, inColumn, methodRows, type Scale } from "./methods.ts";

const COLUMN = "test error";

/** The paper's errors in percent. */
const PAPER = {
  "HighWay-16": 0.57,
  "FitNet-Hints": 0.51,
  "FitNet-Ortho": 0.48,
  "FitNet-LSUV": 0.48,
  "FitNet-Ortho-SVM": 0.43,
  "FitNet-LSUV-SVM": 0.38,
  "DSN-Softmax": 0.51,
  "DSN-SVM": 0.39,
  "HighWay-32": 0.45,
  maxout: 0.45,
  MIN: 0.24,
};

const FITNET: RunOptions = { net: "fitnetMnist" };

/** The paper's own rows, by initialization and loss. */
const fitnets = (): readonly Variant[] =>
  [["", "softmax"], ["-SVM", "hinge"]].flatMap(([ending, loss]) =>
    [["Ortho", { init: "orthonormal" }], ["LSUV", AUTHORS_LSUV]].map(([name, init]) => ({
      name: `FitNet-${name}${ending}`,
      options: { ...FITNET, ...init as RunOptions, loss },
    }))
  );

/** The block, at a scale. */
export function mnistBlock(scale: Scale): Description {
  const hints = hintsRow(
    "FitNet-Hints",
    { teacher: "maxout", cifar: false, published: 150 },
    scale,
  );
  const methods = (names: Parameters<typeof methodRows>[1]) => methodRows("mnist", names, scale);
  return {
    task: "repro:table2",
    title: "Table 2, right: MNIST",
    question: "Are FitNets from LSUV as good as schemes made for deep nets, and as larger nets?",
    measure: "test error %",
    trains: "mnist",
    options: {},
    lengths: MNIST_LENGTHS,
    rows: [
      ...methods([{
        name: "HighWay-16",
        net: "highway10",
        cost: "light",
        options: { shrink: "2" },
      }]),
      { ...hints, options: { ...FITNET, ...hints.options } },
      ...fitnets(),
      ...methods([
        { name: "DSN-Softmax", net: "dsnMnist", options: { loss: "softmax" } },
        { name: "DSN-SVM", net: "dsnMnist", options: { loss: "squaredHinge" } },
        { name: "HighWay-32", net: "highway10", cost: "light" },
        { name: "maxout", net: "maxoutNetMnist", cost: "light" },
        { name: "MIN", net: "minNetMnist" },
      ]),
    ],
    columns: [column(COLUMN, scale)],
    // The others need more than hundreds of steps.
    quick: { rows: fitnets().map(({ name }) => name) },
    paper: inColumn(COLUMN, PAPER),
    differs: [
      "the teacher of the hints is the maxout net of this table, which trains before them, beside their budget",
    ],
  };
}
