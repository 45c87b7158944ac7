/**
 * The kernel interface of the WebGPU device: for given arguments, one or more dispatches whose WGSL reads
 * and stores through accessors (`accessors.ts`). The emitter writes the accessors, so that what the planner
 * fused before and after a kernel is computed inside it.
 *
 * @module
 */
import type { Access, Pieces } from "../../../plan/plan.ts";
import type { Shape } from "../../../shape.ts";
import type { ArgSpec } from "../../../spec.ts";
import type { Attrs } from "../../../tensor.ts";
import type { DType } from "../../../host_data.ts";
import type { ChooseTile } from "./gemm/tile.ts";
import type { Width } from "../wgsl/types.ts";
import type { Declaration, EntryPoint } from "../wgsl/module.ts";
import type { ImageSize } from "./texture.ts";
import type { Known } from "../../../tuple.ts";

/** A scratch buffer of a step. */
export interface Scratch {
  /** Its number of elements. */
  readonly size: number;
  /** Their type; f32 if left out. */
  readonly dtype?: DType;
}

/** How a dispatch reads an argument. */
export interface Load {
  readonly argument: number;
  /** 1 for `load0(i)`, 4 for `load0x4(i)` over groups of four. */
  readonly width: Width;
  /** If given, the argument is first copied into a texture and read by `image0(x, y, layer)`. */
  readonly image?: ImageSize;
  /** Whether a matrix [batch, rows, columns] is read transposed, as [batch, columns, rows]. */
  readonly transposed?: boolean;
}

/** The period of what a workgroup's results depend on. */
export interface Repeats {
  /** The period, in elements. */
  readonly period: number;
  /** Elements, or groups of four, of a period that one workgroup stores. */
  readonly own: number;
}

/** One dispatch of a kernel. */
export interface Dispatch {
  /** The entry point; its body calls the accessors that `accessors.ts` names. */
  readonly entry: EntryPoint;
  /** Arrays in workgroup memory. */
  readonly declarations?: readonly Declaration[];
  readonly workgroups: readonly [number, number, number];
  readonly loads: readonly Load[];
  /** Scratch read as `read_scratch0: array<f32>`, by index; as vectors where the width is 4. */
  readonly scratchReads?: readonly { readonly scratch: number; readonly width: Width }[];
  /** Scratch that is first copied into textures and read by `image_scratch0(x, y, layer)`, by index. */
  readonly images?: readonly { readonly scratch: number; readonly size: ImageSize }[];
  /** What `store(i, v)` or `storex4(i, v)` writes to: the result or scratch. */
  readonly writes: {
    readonly scratch?: number;
    readonly width: Width;
    /** Whether earlier content is read by `stored(i)`; only for scratch, or for a result without fused work. */
    readonly accumulates?: boolean;
    /**
     * If given, what is fused after the kernel may depend on the result's index modulo this period, as a
     * bias depends on the channel. A workgroup calls `prepare(thread, first)` before its barrier, where
     * `first` is the first element, or group of four, of the period that it stores, and `store(i, j, v)`
     * with the constant index `j` counted from there.
     */
    readonly repeats?: Repeats;
  };
  /** Numbers that differ between dispatches that share a pipeline, read as `parameter(k)`. */
  readonly parameters?: readonly number[];
}

/** The dispatches of a lowered kernel. */
export interface Lowered {
  readonly dispatches: readonly Dispatch[];
  readonly scratch?: readonly Scratch[];
  /** Whether the result is stored in the pieces of the context: `store(i, piece0, piece1)`. */
  readonly inPieces?: boolean;
}

/** What a kernel is lowered from. */
export interface KernelContext {
  readonly args: Known<ArgSpec>;
  readonly spec: ArgSpec;
  readonly attrs: Attrs;
  /** For each argument, whether it can be read four elements at a time. */
  readonly vectorized: Known<boolean>;
  /** For each argument, whether it is read directly from a buffer: nothing was fused before the kernel. */
  readonly unfused: Known<boolean>;
  /**
   * For each argument that is a matrix stored transposed, whether it can be read four elements at a time
   * with `transposed`; undefined for others.
   */
  readonly transposed: Known<boolean | undefined>;
  /** Whether the result can be stored four elements at a time. */
  readonly vectorizedStore: boolean;
  /** Whether nothing was fused after the kernel. */
  readonly unfusedStore: boolean;
  /**
   * If given, the store takes all pieces of [outer, count, inner] at once, at every index of [outer,
   * inner]. A kernel that does not store pieces writes to scratch, from which a further dispatch stores
   * them.
   */
  readonly pieces?: Pieces;
  /**
   * Whether pipelines are expensive to compile, as on software adapters: kernels should then share them
   * among shapes.
   */
  readonly fewPipelines: boolean;
  /** Whether long shaders take very long to compile, so that nothing should be unrolled. */
  readonly slowCompiler: boolean;
  /**
   * The texture that images [batch, height, width, channels] fit into, where textures are read faster than
   * buffers, as on software adapters; undefined where they are not, or the images do not fit.
   */
  image(shape: Shape): ImageSize | undefined;
  /** Whether out-of-bounds texel reads give zeros, so that kernels need no bounds check. */
  readonly zerosOutside: boolean;
  readonly chooseTile: ChooseTile;
  /** The most workgroup memory, in bytes. */
  readonly workgroupBytes: number;
  /** The most threads of a workgroup along one dimension. */
  readonly workgroupThreads: number;
}

/** Lowers one kernel. */
export type Lower = (context: KernelContext) => Lowered;

/** The text that combines two elements, or vectors of four, given their type. */
export type Combine = (a: string, b: string, dtype: DType, width: Width) => string;

/** A kernel, and how it reads each of its arguments. */
export interface Kernel {
  readonly access: readonly Access[];
  readonly lower: Lower;
  /** If given, the result [outer, inner] combines, in any order, the elements of each row of [outer, n, inner]. */
  readonly combine?: Combine;
}

/** A kernel from how it reads its arguments and its lowering. */
export const kernel = (access: readonly Access[], lower: Lower): Kernel => ({ access, lower });

/** A kernel that combines the elements of an axis. */
export const fold = (
  access: readonly Access[],
  combine: Combine,
  lower: (combine: Combine) => Lower,
): Kernel => ({ access, combine, lower: lower(combine) });
