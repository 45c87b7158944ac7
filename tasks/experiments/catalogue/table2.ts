/**
 * `repro:table2`: the paper's table 2, one data set at a time.
 *
 * @module
 */
import { datasetFacts } from "../../datasets/registry.ts";
import type { Description, PaperNumbers } from "../description.ts";
import type { Experiment } from "../experiment.ts";
import { AUTHORS_LSUV, cifarLengths, LSUV_DIFFERS, MNIST_LENGTHS, NET } from "./nets.ts";

const INITS = [
  { name: "LSUV", options: AUTHORS_LSUV },
  { name: "OrthoInit", options: { init: "orthonormal" } },
];

const mnist: Description = {
  task: "repro:table2",
  title: "Table 2, right: MNIST",
  question: "FitNet-MNIST from LSUV and from orthonormal weights, with two heads.",
  measure: "test error %",
  trains: "mnist",
  options: {},
  lengths: MNIST_LENGTHS,
  rows: INITS,
  columns: [
    { name: "softmax", options: { loss: "softmax" } },
    { name: "SVM", options: { loss: "hinge" } },
  ],
  paper: { LSUV: { softmax: 0.48, SVM: 0.38 }, OrthoInit: { softmax: 0.48, SVM: 0.43 } },
  differs: [],
};

/** The authors' RMSProp: of CIFAR-100 for the numbers marked † in the table. */
const RMSPROP = {
  optimizer: "rmsprop",
  rate: 0.0005,
  decay: 0.9,
  "drop-by": 0.5,
  "drop-shares": [70, 100, 130, 150, 170, 180].map((thousands) => thousands / 190),
};

type Cifar = "cifar10" | "cifar100";

/** The paper's numbers by data set. */
const PAPER: Readonly<Record<Cifar, PaperNumbers>> = {
  cifar10: { LSUV: { SGD: 93.94 }, OrthoInit: { SGD: 93.78 } },
  cifar100: { LSUV: { SGD: 70.04, RMSProp: 72.34 }, OrthoInit: { SGD: 70.44, RMSProp: 72.30 } },
};

const cifar = (dataset: Cifar, net: unknown): Description => ({
  task: "repro:table2",
  title: `Table 2, left: ${datasetFacts(dataset).title}`,
  question: "FitNet-4 from LSUV and from orthonormal weights, by two optimizers.",
  measure: "test accuracy %",
  trains: "cifar",
  options: { dataset },
  lengths: cifarLengths(net),
  rows: INITS,
  columns: [
    { name: "SGD", options: { optimizer: "sgd" } },
    { name: "RMSProp", options: RMSPROP, atPaperLength: { epochs: 486 } },
  ],
  paper: PAPER[dataset],
  differs: [
    LSUV_DIFFERS,
    ...(dataset === "cifar10" ? ["the authors' RMSProp is that of CIFAR-100"] : []),
  ],
});

/** The paper's table 2. */
export const table2: Experiment = {
  name: "repro:table2",
  about: "the paper's table 2: FitNet-MNIST's test error, or FitNet-4's accuracy on CIFAR.",
  options: {
    block: {
      kind: "choice",
      choices: ["mnist", "cifar10", "cifar100"],
      default: "mnist",
      help: "The data set, and with it the part of the table.",
    },
    ...NET,
  },
  describe: ({ block, net }) => block === "mnist" ? mnist : cifar(block as Cifar, net),
};
