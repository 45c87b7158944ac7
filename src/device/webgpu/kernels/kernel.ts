/**
 * What a kernel is to the WebGPU device: for given arguments, one or more dispatches whose WGSL reads and
 * stores by accessors (`accessors.ts`). The emitter writes those functions, so that whatever the planner
 * fused before and after the kernel is computed inside it.
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
  /** Its elements. */
  readonly size: number;
  /** Their type; f32 if left out. */
  readonly dtype?: DType;
}

/** How a dispatch reads an argument. */
export interface Load {
  readonly argument: number;
  /** 1 for `load0(i)`, 4 for `load0x4(i)` over groups of four. */
  readonly width: Width;
  /** Given, the argument is copied into a texture first and read by `image0(x, y, layer)`. */
  readonly image?: ImageSize;
  /** Whether a matrix [batch, rows, columns] is read in the order [batch, columns, rows] instead. */
  readonly transposed?: boolean;
}

/** How a workgroup's results repeat. */
export interface Repeats {
  /** Elements after which they do. */
  readonly period: number;
  /** Elements, or groups of four, of a period that one workgroup stores. */
  readonly own: number;
}

/** One dispatch of a kernel. */
export interface Dispatch {
  /** Where it begins; its body calls the accessors that `accessors.ts` names. */
  readonly entry: EntryPoint;
  /** Arrays in workgroup memory. */
  readonly declarations?: readonly Declaration[];
  readonly workgroups: readonly [number, number, number];
  readonly loads: readonly Load[];
  /** Scratch read as `read_scratch0: array<f32>`, by number; as vectors where the width is 4. */
  readonly scratchReads?: readonly { readonly scratch: number; readonly width: Width }[];
  /** Scratch copied into textures first and read by `image_scratch0(x, y, layer)`, by number. */
  readonly images?: readonly { readonly scratch: number; readonly size: ImageSize }[];
  /** Where it writes: the result, by `store(i, v)` or `storex4(i, v)`, or scratch, by the same names. */
  readonly writes: {
    readonly scratch?: number;
    readonly width: Width;
    /** Whether earlier content is read back, by `stored(i)`; only of scratch, or of a plain store. */
    readonly accumulates?: boolean;
    /**
     * Given, a workgroup stores results that repeat after so many elements, or groups of four, as channels do.
     * It calls `prepare(thread, first)` before its barrier, where `first` is the first of them that it
     * stores, and `store(i, j, v)` with the constant number `j` of those from there on.
     */
    readonly repeats?: Repeats;
  };
  /** Numbers that differ between dispatches of one pipeline, read as `parameter(k)`. */
  readonly parameters?: readonly number[];
}

/** A kernel written out. */
export interface Lowered {
  readonly dispatches: readonly Dispatch[];
  readonly scratch?: readonly Scratch[];
  /** Whether the result is stored in the pieces that the context has: `store(i, piece0, piece1)`. */
  readonly inPieces?: boolean;
}

/** What a kernel is lowered from. */
export interface KernelContext {
  readonly args: Known<ArgSpec>;
  readonly spec: ArgSpec;
  readonly attrs: Attrs;
  /** For each argument, whether it can be read four elements at a time. */
  readonly vectorized: Known<boolean>;
  /** For each argument, whether it is in memory as it lies: nothing was fused before the kernel. */
  readonly unfused: Known<boolean>;
  /**
   * For each argument that is a matrix stored with its last two axes exchanged, whether it can be read four
   * elements at a time if it is `transposed`; undefined for others.
   */
  readonly transposed: Known<boolean | undefined>;
  /** Whether the result can be stored four elements at a time. */
  readonly vectorizedStore: boolean;
  /** Whether the result is stored as it is: nothing was fused after the kernel. */
  readonly unfusedStore: boolean;
  /**
   * Given, all pieces of [outer, count, inner] are wanted at once, at every index of [outer, inner]. A kernel
   * that does not say it stores them so has them taken from a scratch buffer.
   */
  readonly pieces?: Pieces;
  /** Whether pipelines are expensive to compile, as on software adapters: then few serve many shapes. */
  readonly fewPipelines: boolean;
  /**
   * The texture that images [batch, height, width, channels] fit into, where reading textures is faster
   * than reading buffers, as on the software driver; undefined where it is not, or they do not fit.
   */
  image(shape: Shape): ImageSize | undefined;
  /** Whether texels outside a texture are known to read as zeros, so that kernels need not look. */
  readonly zerosOutside: boolean;
  readonly chooseTile: ChooseTile;
  /** The most memory that a workgroup may share. */
  readonly workgroupBytes: number;
  /** The most threads that a workgroup may have along one dimension. */
  readonly workgroupThreads: number;
}

/** Lowers one kernel. */
export type Lower = (context: KernelContext) => Lowered;

/** A kernel, and how it reads each of its arguments. */
export interface Kernel {
  readonly access: readonly Access[];
  readonly lower: Lower;
}

/** A kernel that reads its arguments so. */
export const kernel = (access: readonly Access[], lower: Lower): Kernel => ({ access, lower });
