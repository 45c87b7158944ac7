/**
 * What `edit` needs: tensors in one array, and the time of host code.
 *
 * @module
 */
import { unpack } from "../device/packing.ts";
import type { Profiler } from "../device/profile.ts";
import type { Data, DType } from "../host_data.ts";
import { showShapes } from "../plan/cost.ts";
import { owning, type Tensor } from "../tensor.ts";
import type { Change } from "./types.ts";

/** The element type of tensors; throws TypeError unless there is one. */
export function checkOneType(all: readonly Tensor[]): DType {
  const types = [...new Set(all.map(({ dtype }) => dtype))];
  if (types.length === 1) return types[0]!;
  throw new TypeError(
    `edit: expected tensors of one type, found ${types.join(" and ") || "none"}`,
  );
}

/** Tensors of the same shapes as others, from one array of all their elements. */
export function unpackTensors(elements: Data, like: readonly Tensor[]): Tensor[] {
  const arrays = unpack(elements, like.map(({ size }) => size));
  return like.map(({ shape }, i) => owning(arrays[i]!, shape));
}

/** Awaits host code on elements, and counts its time in a profile, if there is one. */
export async function timeEdit(
  profiler: Profiler | undefined,
  kernel: string,
  elements: Data,
  change: Change,
): Promise<void> {
  if (!profiler) return await change(elements);
  const from = performance.now();
  await profiler.within(async () => await change(elements));
  const shape = showShapes([], [elements.length]), bytes = 2 * elements.byteLength;
  profiler.meter({ kernel, shape, flops: 0, bytes })(performance.now() - from, 1);
}
