/**
 * The nets that experiments are made on, and how long.
 *
 * @module
 */
import type { Table } from "../../cli/option_table.ts";
import { PAPER_LSUV, presetValues } from "../../training/presets.ts";
import type { Description, RunOptions, Variant } from "../description.ts";

/** The option that names a net of CIFAR. */
export const NET = {
  net: {
    kind: "choice",
    choices: ["fitnet1", "fitnet4"],
    help: "The network; the paper's tables are of fitnet4.",
    otherwise: "fitnet4 on a GPU and with --paper, else fitnet1; fitnetMnist with --quick",
  },
} as const satisfies Table;

/** The option that leaves one column of those that differ by activation. */
export const activationOption = (columns: readonly Variant[]) =>
  ({
    activation: {
      kind: "choice",
      choices: ["all", ...columns.map(({ name }) => name)],
      default: "all",
      help: "The column, or all of them.",
    },
  }) as const satisfies Table;

/** The columns that an option of {@linkcode activationOption} leaves. */
export const selectColumns = (
  columns: readonly Variant[],
  activation: unknown,
): readonly Variant[] =>
  columns.filter(({ name }) => [undefined, "all", name].includes(activation as string));

/** The authors' net and epochs, as the preset of the training task has them. */
const CIFAR_PAPER = presetValues("cifar", "paper", "cifar10");
const MNIST_PAPER = presetValues("mnist", "paper", "mnist");

/** CIFAR at each length: a run takes seconds, minutes, minutes and an hour or more. */
const CIFAR: Description["lengths"] = {
  quick: { net: "fitnetMnist", epochs: 1, subset: 128, "test-subset": 64, batch: 16 },
  cpu: { net: "fitnet1", epochs: 10, subset: 5000, "test-subset": 2000 },
  gpu: { net: "fitnet4", epochs: 30 },
  paper: { net: CIFAR_PAPER.net, epochs: CIFAR_PAPER.epochs },
};

/** MNIST at each length. */
export const MNIST_LENGTHS: Description["lengths"] = {
  quick: { epochs: 1, subset: 128, "test-subset": 64, batch: 16 },
  cpu: { epochs: 3 },
  gpu: { epochs: 10 },
  paper: { epochs: MNIST_PAPER.epochs },
};

/** CIFAR at each length, with the net where one is named. */
export function cifarLengths(net: unknown): Description["lengths"] {
  if (!net) return CIFAR;
  const withNet = (options: RunOptions) => ({ ...options, net: String(net) });
  const { quick, cpu, gpu, paper } = CIFAR;
  return { quick: withNet(quick), cpu: withNet(cpu), gpu: withNet(gpu), paper: withNet(paper) };
}

/** LSUV as the authors' script had it when the paper came out. */
export const AUTHORS_LSUV: RunOptions = { init: "lsuv", ...PAPER_LSUV };

/** What is the same in all comparisons with the authors' runs of LSUV. */
export const LSUV_DIFFERS =
  "LSUV sees images without augmentation, where the authors' script drew crops " +
  "and mirrored ones";
