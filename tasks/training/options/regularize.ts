/**
 * The options of regularization, of averages, and of which epoch's weights are kept.
 *
 * @module
 */
import { BEST_METRICS } from "../../run/settings.ts";
import type { Table } from "../../cli/option_table.ts";

/** The options of what the loss, the batch and the kept weights are. */
export const REGULARIZE_OPTIONS = {
  "label-smoothing": {
    kind: "number",
    from: 0,
    below: 1,
    help: "With --loss softmax: the part of each label that is spread evenly over all classes.",
    otherwise: "0",
  },
  mixup: {
    kind: "number",
    above: 0,
    to: 1000,
    value: "ALPHA",
    help:
      "Mix each training image, and its loss, with another one of its batch, by parts drawn from Beta(ALPHA, " +
      "ALPHA); 0.1 to 0.4 in the paper of mixup.",
    otherwise: "none",
  },
  cutmix: {
    kind: "number",
    above: 0,
    to: 1000,
    value: "ALPHA",
    help:
      "Replace a rectangle of each training image by that of another one of its batch, and mix the losses by " +
      "their areas, drawn from Beta(ALPHA, ALPHA); 1 in the paper of CutMix.",
    otherwise: "none",
  },
  accumulate: {
    kind: "integer",
    from: 1,
    help:
      "In how many equal parts each batch is computed, one after another, to use less memory. Results are " +
      "those of the whole batch up to rounding, but for batch normalization and dropout.",
    otherwise: "1",
  },
  averaging: {
    kind: "number",
    from: 0,
    below: 1,
    value: "DECAY",
    help:
      "Keep running averages of the weights (EMA) with this decay rate, such as 0.999, which are tested after each " +
      "epoch and saved in place of the weights.",
    otherwise: "none",
  },
  "keep-best": {
    kind: "choice",
    choices: BEST_METRICS,
    help:
      "Save the weights of the epoch with the highest test accuracy, or the lowest test loss, in place of the " +
      "last one's. The manifest says which epoch it was.",
    otherwise: "the last epoch's; accuracy with --patience",
  },
  patience: {
    kind: "integer",
    from: 1,
    value: "EPOCHS",
    help: "End the training after so many epochs without one that is better by --keep-best.",
    otherwise: "train all --epochs",
  },
} as const satisfies Table;
