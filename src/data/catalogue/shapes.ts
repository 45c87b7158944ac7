/**
 * Plainly drawn images of ten shapes, which a net learns within hundreds of steps.
 *
 * @module
 */
import { SHAPES as TEN } from "../procedural/shapes.ts";
import type { DrawnSet } from "./record.ts";

/** Their record. */
export const SHAPES: DrawnSet<"shapes"> = {
  name: "shapes",
  title: "plain shapes",
  format: "drawn",
  recipes: ["cifar", "mnist"],
  classNames: Object.keys(TEN),
  plain: true,
};
