/**
 * User-supplied pictures in class folders.
 *
 * @module
 */
import type { PictureSet } from "./record.ts";

/** Their record; classes are the names of the folders. */
export const PICTURES: PictureSet<"pictures"> = {
  name: "pictures",
  title: "pictures in class folders",
  format: "pictures",
  recipes: ["cifar"],
  source:
    "a folder of PNG or JPEG pictures for each class, all of them in train and in test or in neither",
};
