/**
 * The options of what images are like: their size, their preprocessing, the windows that a net sees.
 *
 * @module
 */
import { PREPROCESSINGS } from "../../datasets/preparations.ts";
import type { TaskName } from "../../run/settings.ts";
import { PICTURE_CROPS } from "../presets.ts";
import type { Table } from "../../cli/option_table.ts";

/** The defaults, in words. */
const otherwise = (task: TaskName) =>
  task === "pictures"
    ? {
      size: "8/7 of --crop",
      crop: `7/8 of --size, else ${PICTURE_CROPS.paper} with --preset paper, ` +
        `${PICTURE_CROPS.quick} with quick`,
      preprocessing: "mean-color",
    }
    : {
      size: "as they are; pictures at the net's usual size, or 256/227 of --crop",
      crop: "all",
      preprocessing: "contrast for CIFAR, scale for MNIST, mean-image for pictures",
    };

/** The options of images. */
export const imageOptions = (task: TaskName) =>
  ({
    size: {
      kind: "integer",
      from: 1,
      help:
        "Rows and columns that images are resized to, bilinearly; pictures of other proportions are cropped " +
        "to a central square first.",
      otherwise: otherwise(task).size,
    },
    crop: {
      kind: "integer",
      from: 1,
      help:
        "Rows and columns of the window that the net sees: with --augment a random one, else the central one.",
      otherwise: otherwise(task).crop,
    },
    preprocessing: {
      kind: "choice",
      choices: PREPROCESSINGS,
      help:
        "scale multiplies bytes by 0.004; contrast normalizes each image and subtracts the mean " +
        "image; mean-image and mean-color subtract the mean image, or the mean of each channel.",
      otherwise: otherwise(task).preprocessing,
    },
    "pixel-scale": {
      kind: "number",
      above: 0,
      help: "With --preprocessing mean-image or mean-color: the factor of what remains.",
      otherwise: "1/64, which gives photographs a variance of about 1; CaffeNet had 1",
    },
    whiten: {
      kind: "flag",
      default: false,
      help:
        "Whiten preprocessed images by ZCA, fitted to the training images, as for Maxout, NiN and " +
        "ALL-CNN. The run's folder keeps the transform.",
    },
  }) as const satisfies Table;
