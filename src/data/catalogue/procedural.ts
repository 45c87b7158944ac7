/**
 * Images of ten shapes that a program draws, for where no other data is at hand.
 *
 * @module
 */
import { SHAPES } from "../procedural/shapes.ts";
import type { DrawnSet } from "./record.ts";

/** The record of them. */
export const PROCEDURAL: DrawnSet<"procedural"> = {
  name: "procedural",
  title: "procedural images",
  format: "drawn",
  recipes: ["cifar", "mnist"],
  classNames: Object.keys(SHAPES),
};
