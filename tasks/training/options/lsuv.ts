/**
 * The options of LSUV.
 *
 * @module
 */
import { NORMALIZED, PRESETS } from "../../../src/init/mod.ts";
import type { TaskName } from "../../run/settings.ts";
import { presetDefault } from "../presets.ts";
import type { Table } from "../../cli/option_table.ts";

const NAMES = Object.keys(PRESETS) as readonly (keyof typeof PRESETS)[];

const presetText = (name: keyof typeof PRESETS): string =>
  `${name} ${PRESETS[name].tolerance} and ${PRESETS[name].maxTrials}`;

/** The options of LSUV. */
export const lsuvOptions = (task: TaskName) =>
  ({
    lsuv: {
      kind: "choice",
      choices: NAMES,
      help: "With --init lsuv: the preset of tolerance and maximum of trials; " +
        `${NAMES.map(presetText).join(", ")}.`,
      otherwise: presetDefault(task, "lsuv"),
    },
    "lsuv-tolerance": {
      kind: "number",
      above: 0,
      help: "With --init lsuv: how far from 1 a variance may be, in units of --lsuv-target.",
      otherwise: "that of --lsuv",
    },
    "lsuv-trials": {
      kind: "integer",
      from: 1,
      help: "With --init lsuv: the most trials per layer; on one fixed batch three are enough.",
      otherwise: "that of --lsuv",
    },
    "lsuv-dropout": {
      kind: "flag",
      default: false,
      help:
        "With --init lsuv: apply dropout while variances are measured, as in the authors' code.",
      otherwise: presetDefault(task, "lsuv-dropout"),
    },
    "lsuv-batch": {
      kind: "integer",
      from: 1,
      help: "With --init lsuv: the size of the batch whose variance is measured.",
      otherwise: "the training batch",
    },
    "lsuv-mode": {
      kind: "choice",
      choices: ["fixed", "fresh"] as const,
      help:
        "With --init lsuv: one fixed batch for all layers, or a fresh one for each trial, as in the " +
        "authors' code.",
      otherwise: presetDefault(task, "lsuv-mode"),
    },
    normalize: {
      kind: "choice",
      choices: NORMALIZED,
      help:
        "With --init lsuv: what is scaled to unit variance, a layer's output (algorithm 1), its " +
        "output after the activation (as the authors' script of 2015 had it for activations in " +
        "place), or its input (the paper's variant).",
      otherwise: "output",
    },
    "lsuv-target": {
      kind: "number",
      above: 0,
      help: "With --init lsuv: the variance that layers get.",
      otherwise: "1, as in the paper",
    },
    "lsuv-center": {
      kind: "flag",
      default: false,
      help:
        "With --init lsuv and --normalize output: move biases too, so that the mean of each layer's " +
        "output is 0.",
    },
  }) as const satisfies Table;
