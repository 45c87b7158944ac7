/**
 * Weights files and data sets for tests of the tasks that use them.
 *
 * @module
 */
import { key } from "../../src/random.ts";
import { encodeSafetensors, storedName, type StoredTensor } from "../../src/train/mod.ts";
import type { Tensor } from "../../src/tensor.ts";
import { entries } from "../../src/tree.ts";
import { type Fields, modelFields } from "../../tasks/models/fields.ts";
import { buildNet, imageSpec, type ModelSpec } from "../../tasks/models/model.ts";
import { folderOf, idx } from "../data/fixtures.ts";
import { fill } from "../golden/fill.ts";
import { parseModel } from "../../tasks/models/parse_model.ts";

/** Tensors of a model, each `fill`ed by its place; weights of variance 1 / fan-in. */
export function tensorsOf(model: ModelSpec): Map<string, StoredTensor> {
  const params = buildNet(model).init(key(0), imageSpec(model));
  return new Map(
    entries<Tensor>(params).map(([path, { shape, size }], seed) => {
      const scale = shape.length > 1 ? Math.sqrt(3 * shape[shape.length - 1]! / size) : 0.1;
      return [storedName(path), { shape, data: fill(size, seed, scale) }];
    }),
  );
}

/** A weights file that says what its net is. */
export function weightsOf(
  fields: Fields,
  tensors: ReadonlyMap<string, StoredTensor> = tensorsOf(parseModel(fields)),
): Uint8Array<ArrayBuffer> {
  return encodeSafetensors(tensors, modelFields(parseModel(fields)));
}

/** The pixels of an image of {@linkcode mnistWith}. */
export const digit = (index: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(fill(784, 100 + index, 128), (value) => Math.floor(value + 128));

/** A folder with MNIST's test files of these labels, and as many training images. */
export function mnistWith(labels: readonly number[], more: Record<string, Uint8Array> = {}) {
  const images = idx(
    0x803,
    [labels.length, 28, 28],
    labels.flatMap((_, i) => [...digit(i)]),
  );
  const file = idx(0x801, [labels.length], labels);
  return folderOf({
    "train-images-idx3-ubyte": images,
    "train-labels-idx1-ubyte": file,
    "t10k-images-idx3-ubyte": images,
    "t10k-labels-idx1-ubyte": file,
    ...more,
  });
}
