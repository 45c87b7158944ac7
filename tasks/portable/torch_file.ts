/**
 * A net's weights as a safetensors file of PyTorch's names and layout, and back.
 *
 * @module
 */
import {
  decodeSafetensors,
  encodeSafetensors,
  SafetensorsError,
  type StoredTensor,
} from "../../src/train/mod.ts";
import { type Fields, fieldsIn, fieldsOf, modelOf } from "../model/fields.ts";
import type { Model } from "../model/model.ts";
import { fromTorch, type Tensors, toChannelsFirst, toChannelsLast, toTorch } from "./layout.ts";
import { stepsOf } from "./steps.ts";

/** The name of the mean image, a buffer of the module. */
const MEAN = "mean";

/** The file that PyTorch reads; the mean image, if known, is a tensor in it. */
export function torchFile(model: Model, own: Tensors): Uint8Array<ArrayBuffer> {
  const { mean: _, ...texts } = fieldsOf(model), { mean, height, width, channels } = model;
  const tensors = new Map(toTorch(stepsOf(model), own));
  if (mean) tensors.set(MEAN, toChannelsFirst(mean, [height, width, channels]));
  return encodeSafetensors(tensors, texts);
}

function meanOf(model: Model, mean: StoredTensor): Model {
  const { height, width, channels } = model, expected = [channels, height, width];
  if (mean.data instanceof Float32Array && mean.shape.join() === expected.join()) {
    return { ...model, mean: toChannelsLast(mean) };
  }
  throw new SafetensorsError(`${MEAN}: expected F32 [${expected}], found [${mean.shape}]`);
}

/**
 * A weights file from one of PyTorch's. What its net is, is told by the file, or by `given`, which
 * comes before it. Throws a SafetensorsError where tensors are not those of the net.
 */
export function ownFile(bytes: Uint8Array<ArrayBuffer>, given: Fields): Uint8Array<ArrayBuffer> {
  const { tensors, metadata } = decodeSafetensors(bytes), mean = tensors.get(MEAN);
  const told = modelOf({ ...fieldsIn(metadata), ...given });
  const model = mean ? meanOf(told, mean) : told;
  const weights = new Map([...tensors].filter(([name]) => name !== MEAN));
  return encodeSafetensors(fromTorch(stepsOf(model), weights), fieldsOf(model));
}
