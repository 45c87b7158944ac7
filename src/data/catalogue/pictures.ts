/**
 * User-supplied pictures, in class folders or listed by a table.
 *
 * @module
 */
import type { PictureSet } from "./record.ts";

/** Their record; classes are the names of the folders. */
export const PICTURES: PictureSet<"pictures"> = {
  name: "pictures",
  title: "your own pictures",
  format: "pictures",
  recipes: ["cifar", "pictures"],
  source:
    "a folder of pictures for each class, perhaps in folders train, val and test, or a table " +
    "(CSV) of their paths and classes",
};
