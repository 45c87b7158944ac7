/**
 * Descriptions of values that a caller gave, for errors: by what they are in this library.
 *
 * @module
 */
import { showValue } from "./host_data.ts";
import { showSpec } from "./spec.ts";
import { Tensor } from "./tensor.ts";

/** Whether a value is an object, or a function, with properties of these names. */
export const hasAll = (value: unknown, ...names: readonly string[]): boolean =>
  (typeof value === "object" && value !== null || typeof value === "function") &&
  names.every((name) => name in value);

/** What objects with certain properties are; the first that fits counts. */
const SHAPES: readonly (readonly [what: string, ...names: string[]])[] = [
  ["a Promise; await it", "then"],
  ["a Prepared", "dataset", "scale", "offset"],
  ["a Dataset", "images", "labels", "classes"],
  ["an optimizer", "init", "step"],
  ["a runtime", "jit", "fold"],
  ["{ train, test }; give one of the two", "train", "test"],
];

/** A short description of a value: `a Dataset`, `the layer conv`, `a tensor f32[2, 3]`, `"softmax"`. */
export function describeValue(value: unknown): string {
  if (value instanceof Tensor) return `a tensor ${showSpec(value)}`;
  if (typeof value === "function") {
    return hasAll(value, "kind", "init")
      ? `the layer ${(value as unknown as { kind: unknown }).kind}`
      : value.name
      ? `the function ${value.name}`
      : "a function";
  }
  const shape = SHAPES.find(([, ...names]) => hasAll(value, ...names));
  if (shape) return shape[0];
  const isPlain = hasAll(value) && Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain) return showValue(value);
  const names = Object.keys(value as object).slice(0, 4).join(", ");
  return names ? `an object with ${names}` : "an empty object";
}
