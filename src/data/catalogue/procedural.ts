/**
 * Procedurally drawn images of ten shapes, for when no other data is available.
 *
 * @module
 */
import { SHAPES } from "../procedural/shapes.ts";
import type { DrawnSet } from "./record.ts";

/** Their record. */
export const PROCEDURAL: DrawnSet<"procedural"> = {
  name: "procedural",
  title: "procedural images",
  format: "drawn",
  recipes: ["cifar", "mnist", "pictures"],
  classNames: Object.keys(SHAPES),
};
