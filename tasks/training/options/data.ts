/**
 * The options of the data set.
 *
 * @module
 */
import { OWN_IDX } from "../../../src/data/catalogue/own_idx.ts";
import { PICTURES } from "../../../src/data/catalogue/pictures.ts";
import { PROCEDURAL } from "../../../src/data/catalogue/procedural.ts";
import { SHAPES } from "../../../src/data/catalogue/shapes.ts";
import { DATA_FOLDER, PICTURE_FOLDER } from "../../datasets/options.ts";
import { namesTrainedBy } from "../../datasets/registry.ts";
import type { TaskName } from "../../run/settings.ts";
import type { Table } from "../../cli/option_table.ts";

/** The options that choose the data and its folder. */
export function dataOptions(task: TaskName) {
  const datasets = namesTrainedBy(task), [usual] = datasets;
  const takesOwn = datasets.includes(OWN_IDX.name);
  const own = takesOwn ? `, ${OWN_IDX.name} your own files in MNIST's format` : "";
  const pictures = datasets.includes(PICTURES.name)
    ? `, ${PICTURES.name} your own pictures, a folder for each class or a table`
    : "";
  const named = takesOwn
    ? "the one named by the files and folders of --data, else "
    : `${PICTURES.name} if --data holds pictures in class folders, else `;
  const orDrawn =
    `${named}${usual}, or ${PROCEDURAL.name} with a warning where that is not available`;
  return {
    data: usual === PICTURES.name ? PICTURE_FOLDER : DATA_FOLDER,
    dataset: {
      kind: "choice",
      choices: datasets,
      help:
        `The data set; ${PROCEDURAL.name} is images of ten shapes that a program draws, ${SHAPES.name} ` +
        `the same shapes alone, which a net learns in seconds${own}${pictures}.`,
      otherwise: usual === PICTURES.name ? usual : orDrawn,
    },
    procedural: {
      kind: "flag",
      default: false,
      help: `The same as --dataset ${PROCEDURAL.name}.`,
    },
  } as const satisfies Table;
}
