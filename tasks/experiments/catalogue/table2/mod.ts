/**
 * `repro:table2`: the paper's table 2, one data set at a time.
 *
 * @module
 */
import type { Experiment } from "../../experiment.ts";
import { NET } from "../nets.ts";
import { type Cifar, cifarBlock } from "./cifar.ts";
import { mnistBlock } from "./mnist.ts";
import type { Scale } from "./methods.ts";

/** The paper's table 2. */
export const table2: Experiment = {
  name: "repro:table2",
  about:
    "the paper's table 2: FitNets from LSUV and all that they are compared with, each net with " +
    "the recipe of its authors.",
  options: {
    block: {
      kind: "choice",
      choices: ["mnist", "cifar10", "cifar100"],
      default: "mnist",
      help: "The data set, and with it the part of the table.",
    },
    budget: {
      kind: "integer",
      from: 1,
      help:
        "Epochs of every row, so that all are trained equally long; schedules keep their shape.",
      otherwise: "each row at its published length with --paper, else as fits the device",
    },
    shrink: {
      kind: "choice",
      choices: ["1", "2", "4", "8", "16"],
      help:
        "Divides the channels of the larger nets that the FitNets are compared with, those of the " +
        "two largest once more by 4 except with --paper.",
      otherwise: "1 on a GPU and with --paper; on a CPU 2 of MNIST and 4 of CIFAR",
    },
    ...NET,
  },
  describe: ({ block, net, ...scale }) =>
    block === "mnist" || block === undefined
      ? mnistBlock(scale as Scale)
      : cifarBlock(block as Cifar, net, scale as Scale),
};
