/**
 * The limits and features that a device is requested with, and the traits by which kernels are chosen.
 *
 * @module
 */
import { oneLine } from "../../one_line.ts";
import { DeviceError } from "../device_error.ts";
import type { AdapterTraits } from "./kernels/adapter_traits.ts";
import type { ChooseTile } from "./kernels/gemm/tile.ts";
import { readsZerosOutside } from "./probe.ts";

/** The limits that are requested at the adapter's maximum. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxTextureDimension2D",
  "maxTextureArrayLayers",
] as const;

/** The feature for timing kernels. */
const TIMER = "timestamp-query";

/** Whether an adapter can time compute passes. */
export const hasTimestamps = ({ features }: GPUAdapter): boolean => features.has(TIMER);

/**
 * Requests the device of an adapter, with the adapter's limits and, if wanted, timestamps. Throws DeviceError
 * where the adapter refuses.
 */
export async function requestDevice(adapter: GPUAdapter, timestamps: boolean): Promise<GPUDevice> {
  try {
    return await adapter.requestDevice({
      requiredFeatures: timestamps ? [TIMER] : [],
      requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
    });
  } catch (cause) {
    const { description, device } = adapter.info;
    throw new DeviceError(
      `webgpu: expected a device of the adapter "${description || device || "unnamed"}", found: ${
        cause instanceof Error ? oneLine(cause.message) : cause
      }`,
      { cause },
    );
  }
}

/** The largest buffer that a shader can use, in bytes. */
export const largestBuffer = ({ limits }: GPUDevice): number =>
  Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);

/**
 * The most workgroups of a merged shader: those of one dimension of a dispatch. On software adapters
 * shaders are not merged, as they execute all branches of a shader and compile slowly.
 */
const MERGED = 65535;

/** The traits of a device; those in `forced` replace its own. */
export async function adapterTraits(
  device: GPUDevice,
  software: boolean,
  chooseTile: ChooseTile,
  forced: Partial<AdapterTraits>,
): Promise<AdapterTraits> {
  const { limits } = device;
  return {
    software,
    slowCompiler: forced.slowCompiler ?? false,
    zerosOutside: forced.zerosOutside ?? (software && await readsZerosOutside(device)),
    mergedWorkgroups: forced.mergedWorkgroups ?? (software ? 0 : MERGED),
    chooseTile: forced.chooseTile ?? chooseTile,
    workgroupBytes: forced.workgroupBytes ?? limits.maxComputeWorkgroupStorageSize,
    workgroupThreads: forced.workgroupThreads ??
      Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX),
    textures: forced.textures ??
      { texels: limits.maxTextureDimension2D, layers: limits.maxTextureArrayLayers },
  };
}
