/**
 * The shapes and types of a batch of prepared images.
 *
 * @module
 */
import { labelShape } from "../../data/dataset.ts";
import { inputSize, type Prepared } from "../../data/prepared.ts";
import type { Spec } from "../../spec.ts";

/** The images and labels of a batch. */
export function examplesOf(source: Prepared, batch: number): { images: Spec; labels: Spec } {
  const { height, width, channels } = inputSize(source), { dataset } = source;
  return {
    images: { shape: [batch, height, width, channels], dtype: "f32" },
    labels: {
      shape: labelShape(dataset, batch),
      dtype: dataset.labels instanceof Float32Array ? "f32" : "i32",
    },
  };
}
