/**
 * The options of training in stages, and of teachers.
 *
 * @module
 */
import type { Table } from "../../cli/option_table.ts";
import { PRETRAININGS } from "../../run/settings.ts";

/** The options of what comes before the epochs, and of a teacher. */
export const PRETRAIN_OPTIONS = {
  pretrain: {
    kind: "choice",
    choices: ["none", ...PRETRAININGS] as const,
    default: "none",
    help:
      "What is trained before the net's epochs: layerwise trains each layer but the last as an " +
      "autoencoder, one after another; hints trains the first layers toward those of --teacher.",
  },
  "pretrain-epochs": {
    kind: "integer",
    from: 1,
    help: "With --pretrain: the epochs of each layer, or of the hints.",
    otherwise: "10",
  },
  "pretrain-rate": {
    kind: "number",
    above: 0,
    help: "With --pretrain: the learning rate, which stays constant.",
    otherwise: "a tenth of --rate",
  },
  teacher: {
    kind: "path",
    value: "RUN",
    help:
      "A trained net, the folder of its run or a weights file, from which the net learns beside the " +
      "labels (distillation), and by --pretrain hints.",
  },
  temperature: {
    kind: "number",
    above: 0,
    help: "With --teacher: the divisor of both nets' logits.",
    otherwise: "3",
  },
  distill: {
    kind: "number",
    from: 0,
    help: "With --teacher: the weight of the teacher's part of the loss; 0 for hints alone.",
    otherwise: "4 to 1",
  },
  "distill-end": {
    kind: "number",
    from: 0,
    help: "With --teacher: its weight at the end, to which it changes linearly.",
    otherwise: "that of --distill",
  },
  "hint-layers": {
    kind: "integer",
    from: 1,
    help: "With --pretrain hints: how many layers with weights are trained.",
    otherwise: "the first half",
  },
  "teacher-layers": {
    kind: "integer",
    from: 1,
    help:
      "With --pretrain hints: the layer with weights of the teacher that they are trained toward.",
    otherwise: "the middle one",
  },
} as const satisfies Table;
