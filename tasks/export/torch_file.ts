/**
 * A net's weights as a safetensors file with PyTorch's names and layout, and back.
 *
 * @module
 */
import {
  encodeSafetensors,
  type LoadOptions,
  SafetensorsError,
  type StoredTensor,
} from "../../src/train/mod.ts";
import { readNamed } from "../../src/train/safetensors/params_file.ts";
import type { Stored } from "../../src/train/safetensors/header.ts";
import { type Fields, modelFields, pickFields } from "../models/fields.ts";
import { frameSize, type ModelSpec } from "../models/model.ts";
import {
  fromTorch,
  showNames,
  type Tensors,
  toChannelsFirst,
  toChannelsLast,
  torchNames,
  toTorch,
} from "./layout.ts";
import { netSteps } from "./steps.ts";
import { type NonFiniteTensor, nonFiniteTensors } from "../models/finite.ts";
import { parseModel } from "../models/parse_model.ts";

/** The name of the mean image, a buffer of the module. */
const MEAN = "mean";

/** The file for PyTorch; the mean image, if known, is a tensor in it. */
export function torchFile(model: ModelSpec, own: Tensors): Uint8Array<ArrayBuffer> {
  const { mean: _, ...texts } = modelFields(model), { mean } = model;
  const { height, width, channels } = frameSize(model);
  const tensors = new Map(toTorch(netSteps(model), own));
  if (mean) tensors.set(MEAN, toChannelsFirst(mean, [height, width, channels]));
  return encodeSafetensors(tensors, texts);
}

function withSavedMean(model: ModelSpec, mean: StoredTensor): ModelSpec {
  const { height, width, channels } = frameSize(model), expected = [channels, height, width];
  if (mean.data instanceof Float32Array && mean.shape.join() === expected.join()) {
    return { ...model, mean: toChannelsLast(mean) };
  }
  throw new SafetensorsError(`${MEAN}: expected F32 [${expected}], found [${mean.shape}]`);
}

/** A net, and its weights file. */
export interface OwnWeights {
  readonly model: ModelSpec;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The tensors with numbers that are not finite. */
  readonly nonFinite: readonly NonFiniteTensor[];
}

/**
 * A net and its weights file from PyTorch's tensors. Their metadata describes the net, or `given`, which
 * takes precedence. Throws a SafetensorsError where the tensors are not those of the net.
 */
export function ownWeights(
  { entries, metadata }: Stored,
  given: Fields,
  options: LoadOptions = {},
): OwnWeights {
  const named = parseModel({ ...pickFields(metadata), ...given }), steps = netSteps(named);
  const names = [...torchNames(steps), MEAN];
  const weights = readNamed(entries, names, options, showNames(steps));
  const nonFinite = nonFiniteTensors(weights);
  const mean = weights.get(MEAN), model = mean ? withSavedMean(named, mean) : named;
  weights.delete(MEAN);
  const bytes = encodeSafetensors(fromTorch(steps, weights), modelFields(model));
  return { model, bytes, nonFinite };
}
