/**
 * Weights in PyTorch's layout, which ONNX shares, and back: the same numbers transposed.
 *
 * @module
 */
import { sizeOf } from "../../src/shape.ts";
import type { Data } from "../../src/host_data.ts";
import { SafetensorsError, type StoredTensor } from "../../src/train/mod.ts";
import { matchTensors } from "../../src/train/safetensors/tensor_names.ts";
import { type ExportStep, weightsOf } from "./step.ts";

/** Tensors by name. */
export type Tensors = ReadonlyMap<string, StoredTensor>;

/** A tensor's elements transposed: axis i of the result is axis `order[i]`. */
function transposed(
  data: Data,
  shape: readonly number[],
  order: readonly number[],
): Float32Array<ArrayBuffer> {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const out = new Float32Array(data.length);
  let at = 0;
  const visit = (level: number, from: number) => {
    if (level === order.length) {
      out[at++] = data[from]!;
      return;
    }
    const axis = order[level]!;
    for (let i = 0; i < shape[axis]!; i++) visit(level + 1, from + i * strides[axis]!);
  };
  visit(0, 0);
  return out;
}

/** The order of axes that reverses another one. */
const inverse = (order: readonly number[]): number[] => order.map((_, axis) => order.indexOf(axis));

/** [height, width, channels] → [channels, height, width], and back. */
const CHANNELS_FIRST = [2, 0, 1], CHANNELS_LAST = [1, 2, 0];

/** A net's tensors, `0.w`, …, as PyTorch's: `conv1.weight`, `conv1.bias`, …. */
export const toTorch = (steps: readonly ExportStep[], own: Tensors): Tensors =>
  new Map(
    weightsOf(steps).map(({ name, own: from, axes, order, shape }): [string, StoredTensor] => [
      name,
      { shape, data: transposed(own.get(from)!.data, axes, order) },
    ]),
  );

/** Whether a shape is a permutation of another one. */
const isPermuted = (found: readonly number[], shape: readonly number[]): boolean =>
  found.join() !== shape.join() && found.toSorted().join() === shape.toSorted().join();

function checked(tensors: Tensors, name: string, shape: readonly number[]): Data {
  const found = tensors.get(name), expected = `F32 [${shape}]`;
  const float = found?.data instanceof Float32Array;
  if (float && found.shape.join() === shape.join()) return found.data;
  const type = !found || float ? "" : "integers ";
  const hint = found && isPermuted(found.shape, shape)
    ? "; are its axes in another order than PyTorch's, which is out, in, height, width?"
    : "";
  throw new SafetensorsError(
    `${name}: expected ${expected}, found ${found ? `${type}[${found.shape}]` : "none"}${hint}`,
  );
}

/** The names of a net's tensors in PyTorch. */
export const torchNames = (steps: readonly ExportStep[]): readonly string[] =>
  weightsOf(steps).map(({ name }) => name);

/** The names of a net's tensors in PyTorch, in a few words. */
export function showNames(steps: readonly ExportStep[]): string {
  const names = torchNames(steps);
  return `tensors named ${names[0]}, ${names[1]} to ${names.at(-1)}`;
}

/**
 * A net's tensors from PyTorch's. Throws a SafetensorsError where one is missing, unknown, or of another
 * shape.
 */
export function fromTorch(steps: readonly ExportStep[], torch: Tensors): Tensors {
  matchTensors(torch, torchNames(steps), () => false, showNames(steps));
  return new Map(
    weightsOf(steps).map(({ name, own, ownShape, axes, order, shape }): [string, StoredTensor] => {
      const axesThere = order.map((axis) => axes[axis]!);
      const data = transposed(checked(torch, name, shape), axesThere, inverse(order));
      return [own, { shape: ownShape, data }];
    }),
  );
}

/** A mean image [height, width, channels] as PyTorch's [channels, height, width]. */
export const toChannelsFirst = (mean: Data, shape: readonly number[]): StoredTensor => ({
  shape: CHANNELS_FIRST.map((axis) => shape[axis]!),
  data: transposed(mean, shape, CHANNELS_FIRST),
});

/** PyTorch's mean image [channels, height, width] as [height, width, channels]. */
export const toChannelsLast = ({ data, shape }: StoredTensor): Float32Array<ArrayBuffer> =>
  transposed(data, shape, CHANNELS_LAST);
