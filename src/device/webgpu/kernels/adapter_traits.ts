/**
 * What the choice of kernels depends on.
 *
 * @module
 */
import type { ChooseTile } from "./gemm/tile.ts";

/** The traits of an adapter. */
export interface AdapterTraits {
  /** Whether the adapter is a CPU. */
  readonly software: boolean;
  /** Whether texels outside a texture were found to read as zeros. */
  readonly zerosOutside: boolean;
  /** The most workgroups of shaders that run as one; 0 where each runs alone. */
  readonly mergedWorkgroups: number;
  readonly chooseTile: ChooseTile;
  /** The most memory that a workgroup may share. */
  readonly workgroupBytes: number;
  /** The most threads that a workgroup may have along one dimension. */
  readonly workgroupThreads: number;
  /** The most texels of a texture along a side, and layers. */
  readonly textures: { readonly texels: number; readonly layers: number };
}
