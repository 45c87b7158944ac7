/**
 * What the records of single runs are of: a title, the names of their rows, and the published numbers.
 *
 * @module
 */
import { BLOG_BY_EPOCH } from "../../tasks/experiments/catalogue/blog.ts";
import type { PaperByEpoch } from "../../tasks/experiments/description.ts";
import type { Measure } from "../../tasks/experiments/measure.ts";
import { BLOG } from "../../tasks/studies/blog/command.ts";
import { VARIANTS } from "../../tasks/studies/blog/variants.ts";

/** What is known of a row. */
export interface PublishedRow {
  readonly name: string;
  readonly number?: number;
}

/** What is known of the runs of a record. */
export interface Published {
  readonly title: string;
  readonly measure: Measure;
  /** By the settings in which the rows differ. */
  readonly rows: Readonly<Record<string, PublishedRow>>;
}

/** The records of single runs whose numbers were published. */
export const PUBLISHED: Readonly<Record<string, Published>> = {
  "mnist-table2": {
    title: "FitNets on MNIST, the paper's length",
    measure: "test error %",
    rows: {
      "orthonormal, loss softmax": { name: "orthonormal, softmax", number: 0.48 },
      "lsuv, loss softmax": { name: "LSUV, softmax", number: 0.48 },
      "orthonormal, loss hinge": { name: "orthonormal, SVM", number: 0.43 },
      "lsuv, loss hinge": { name: "LSUV, SVM", number: 0.38 },
    },
  },
};

/** The blog's numbers by column and epoch, as each variant of its study is compared with them. */
const STUDIED = Object.fromEntries(
  Object.entries(BLOG).map(([column, accuracies]) => [
    column,
    Object.fromEntries(accuracies.flatMap((each, i) => each === undefined ? [] : [[i + 1, each]])),
  ]),
);

/** The published numbers by epoch of experiments that have them, by task. */
export const BY_EPOCH: Readonly<Record<string, PaperByEpoch>> = {
  "repro:blog": BLOG_BY_EPOCH,
  "study:blog": Object.fromEntries(VARIANTS.map(({ name }) => [name, STUDIED])),
};
