/**
 * What a device is asked for, and the traits that kernels are chosen by.
 *
 * @module
 */
import type { AdapterTraits } from "./kernels/adapter_traits.ts";
import type { ChooseTile } from "./kernels/gemm/tile.ts";
import { readsZerosOutside } from "./probe.ts";

/** Limits that are asked for as large as the adapter has them. */
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

/** What measures kernels. */
const TIMER = "timestamp-query";

/** Whether an adapter can time compute passes. */
export const hasTimestamps = ({ features }: GPUAdapter): boolean => features.has(TIMER);

/** The device of an adapter, with all that it allows and, if wanted, timestamps. */
export const requestDevice = (adapter: GPUAdapter, timestamps: boolean): Promise<GPUDevice> =>
  adapter.requestDevice({
    requiredFeatures: timestamps ? [TIMER] : [],
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
  });

/** The bytes of the largest buffer that a shader can use. */
export const largestBuffer = ({ limits }: GPUDevice): number =>
  Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);

/**
 * The most workgroups of shaders that run as one: those of one dimension of a dispatch. On a software
 * driver each runs alone: it goes through all branches of a shader, and takes long to compile it.
 */
const MERGED = 65535;

/** The traits of a device; those in `forced` are taken as they are. */
export async function adapterTraits(
  device: GPUDevice,
  software: boolean,
  chooseTile: ChooseTile,
  forced: Partial<AdapterTraits>,
): Promise<AdapterTraits> {
  const { limits } = device;
  return {
    software,
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
