/**
 * The options of pictures of the user's own: which there are, and how they are read.
 *
 * @module
 */
import { PICTURES } from "../../../src/data/catalogue/pictures.ts";
import { TEST_SHARE } from "../../datasets/pictures/settings.ts";
import { namesTrainedBy } from "../../datasets/registry.ts";
import { PLACES } from "../../images/loading/load_split.ts";
import { MAX_PIXELS } from "../../images/max_pixels_option.ts";
import type { TaskName } from "../../run/settings.ts";
import type { Table } from "../../cli/option_table.ts";

const PICTURE_OPTIONS = {
  channels: {
    kind: "choice",
    choices: ["3", "1"],
    help: "With your own pictures: 3 for color, 1 for gray.",
    otherwise: "3",
  },
  "test-share": {
    kind: "number",
    above: 0,
    below: 1,
    help:
      "With your own pictures, where no split is given: the share of each class that is held out for " +
      "testing, chosen by a hash of the files' names; the same on every machine, and hardly changed by " +
      "further pictures.",
    otherwise: String(TEST_SHARE),
  },
  "split-seed": {
    kind: "integer",
    from: 0,
    to: 2 ** 31 - 1,
    help: "With --test-share: another seed holds out other pictures.",
    otherwise: "0",
  },
  "resized-crop": {
    kind: "flag",
    default: false,
    help:
      "With --augment and your own pictures: a random part of each picture, 8 to 100 % of its area, is " +
      "resized to --crop, as torchvision's RandomResizedCrop does, in place of a random window. Pictures " +
      "are then streamed.",
  },
  images: {
    kind: "choice",
    choices: PLACES,
    default: "auto",
    help:
      "Your own pictures: memory decodes all of them once and keeps their bytes, also in the cache; stream " +
      "decodes them by worker threads whenever a batch needs them, in little memory however many there are; " +
      "auto takes memory where they fit into a quarter of what is free.",
  },
  "max-pixels": MAX_PIXELS,
  "path-column": {
    kind: "text",
    value: "NAME",
    help:
      "With --data TABLE.csv: the column of the pictures' paths, which start at the table's folder.",
    otherwise: "by its name or content",
  },
  "label-column": {
    kind: "text",
    value: "NAME",
    help: "With --data TABLE.csv: the column of the classes.",
    otherwise: "by its name",
  },
  "target-columns": {
    kind: "text",
    value: "NAMES",
    help:
      "With --data TABLE.csv: columns of numbers to predict in place of a class, with commas between " +
      "them; with --loss bce each is a label, 1 where a picture has it, else 0.",
    otherwise: "a class is predicted",
  },
  "split-column": {
    kind: "text",
    value: "NAME",
    help: "With --data TABLE.csv: the column of the splits: train, val, test.",
    otherwise: "by its name, if there is one",
  },
  strict: {
    kind: "flag",
    default: false,
    help: "Whether a picture that cannot be read is an error, instead of listed and left out.",
  },
} as const satisfies Table;

/** The options of pictures of a task; none where it does not train on them. */
export const pictureOptions = (task: TaskName): typeof PICTURE_OPTIONS =>
  namesTrainedBy(task).includes(PICTURES.name) ? PICTURE_OPTIONS : {} as typeof PICTURE_OPTIONS;
