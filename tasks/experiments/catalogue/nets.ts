/**
 * The nets of experiments, and the lengths of their runs.
 *
 * @module
 */
import type { Table } from "../../cli/option_table.ts";
import { PAPER_LSUV, presetValues } from "../../training/presets.ts";
import type { Description, RunOptions, Variant } from "../description.ts";

/** The option that chooses a net for CIFAR. */
export const NET = {
  net: {
    kind: "choice",
    choices: ["fitnet1", "fitnet4"],
    help: "The network; the paper's tables are of fitnet4.",
    otherwise: "fitnet4 on a GPU and with --paper, else fitnet1; with --quick a narrow fitnet4",
  },
} as const satisfies Table;

/** The option that selects one of the columns, which differ by activation. */
export const activationOption = (columns: readonly Variant[]) =>
  ({
    activation: {
      kind: "choice",
      choices: ["all", ...columns.map(({ name }) => name)],
      default: "all",
      help: "The column, or all of them.",
    },
  }) as const satisfies Table;

/** The columns that {@linkcode activationOption} selects. */
export const selectColumns = (
  columns: readonly Variant[],
  activation: unknown,
): readonly Variant[] =>
  columns.filter(({ name }) => [undefined, "all", name].includes(activation as string));

/** The authors' net and epochs, from the training task's preset. */
const CIFAR_PAPER = presetValues("cifar", "paper", "cifar10");
const MNIST_PAPER = presetValues("mnist", "paper", "mnist");

/** 500 steps, in which a net learns plain shapes if it learns at all. */
const STEPS_500: RunOptions = { epochs: 4, subset: 2000, "test-subset": 500, batch: 16 };

/**
 * The paper's deep net, narrow and on small images: a run takes seconds. After 875 steps the order of its
 * initializations is that of other seeds too, after 500 not always.
 */
export const QUICK_CIFAR: RunOptions = {
  ...STEPS_500,
  ...{ net: "fitnet4", shrink: "4", epochs: 7, size: 16, rate: 0.005, dropout: 0, augment: false },
};

/** CIFAR at each length: a run takes seconds, minutes, minutes, and an hour or more. */
const CIFAR: Description["lengths"] = {
  quick: QUICK_CIFAR,
  cpu: { net: "fitnet1", epochs: 10, subset: 5000, "test-subset": 2000 },
  gpu: { net: "fitnet4", epochs: 30 },
  paper: { net: CIFAR_PAPER.net, epochs: CIFAR_PAPER.epochs },
};

/** MNIST at each length. */
export const MNIST_LENGTHS: Description["lengths"] = {
  quick: { ...STEPS_500, dropout: 0 },
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

/** LSUV as in the authors' script when the paper came out. */
export const AUTHORS_LSUV: RunOptions = { init: "lsuv", ...PAPER_LSUV };

/** The difference that all comparisons with the authors' runs of LSUV share. */
export const LSUV_DIFFERS =
  "LSUV sees images without augmentation, where the authors' script drew crops " +
  "and mirrored ones";
