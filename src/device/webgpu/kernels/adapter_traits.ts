/**
 * The traits of an adapter that the choice of kernels depends on.
 *
 * @module
 */
import type { ChooseTile } from "./gemm/tile.ts";

/** The traits of an adapter. */
export interface AdapterTraits {
  /** Whether the adapter is a software one. */
  readonly software: boolean;
  /** Whether long shaders take very long to compile. */
  readonly slowCompiler: boolean;
  /** Whether out-of-bounds texel reads were measured to give zeros. */
  readonly zerosOutside: boolean;
  /** The most workgroups of a merged shader; 0 where shaders are not merged. */
  readonly mergedWorkgroups: number;
  readonly chooseTile: ChooseTile;
  /** The most workgroup memory, in bytes. */
  readonly workgroupBytes: number;
  /** The most threads of a workgroup along one dimension. */
  readonly workgroupThreads: number;
  /** The most texels of a texture along one side, and the most layers. */
  readonly textures: { readonly texels: number; readonly layers: number };
}
