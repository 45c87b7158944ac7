/**
 * What a kernel is to the WebGPU device: for given arguments, one or more dispatches whose WGSL calls
 * `load0(i)`, `load1(i)`, … and `store(i, v)`. The emitter writes those functions, so that whatever the
 * planner fused before and after the kernel is computed inside it.
 *
 * @module
 */
import type { Pieces } from "../../../plan/plan.ts";
import type { Shape } from "../../../shape.ts";
import type { ArgSpec } from "../../../spec.ts";
import type { Attrs } from "../../../tensor.ts";
import type { DType } from "../../../host_data.ts";
import type { ChosenTile } from "./gemm/tile.ts";
import { typeOf, type Width } from "../wgsl/instructions.ts";
import type { Known } from "../../../tuple.ts";

/** A scratch buffer of a step. */
export interface Scratch {
  /** Its elements. */
  readonly size: number;
  /** Their type; f32 if left out. */
  readonly dtype?: DType;
}

/** An argument as a dispatch uses it. */
export interface Use {
  readonly argument: number;
  /** 1 for `load0(i)`, 4 for `load0x4(i)` over groups of four. */
  readonly width: Width;
  /** Given, the argument is copied into a texture first and read by `image0(x, y, layer)`. */
  readonly image?: ImageSize;
  /** Whether a matrix [batch, rows, columns] is read in the order [batch, columns, rows] instead. */
  readonly turned?: boolean;
}

/** The texels that rows of a texture are copied in units of: 256 bytes. */
const ROW_UNIT = 16;

/** So many texels and as few more as fill whole units of a row. */
export const wholeRow = (texels: number): number => Math.ceil(texels / ROW_UNIT) * ROW_UNIT;

/** The size of a texture of four channels: texels a row, rows, layers. */
export type ImageSize = readonly [columns: number, rows: number, layers: number];

/** How a workgroup's results repeat. */
export interface Repeats {
  /** Elements after which they do. */
  readonly period: number;
  /** Elements, or groups of four, of a period that one workgroup stores. */
  readonly own: number;
}

/** One dispatch of a kernel. */
export interface Dispatch {
  /** WGSL with a `main`; it calls the accessors named below. */
  readonly body: string;
  readonly workgroups: readonly [number, number, number];
  readonly loads: readonly Use[];
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
  readonly wide: Known<boolean>;
  /** For each argument, whether it is in memory as it lies: nothing was fused before the kernel. */
  readonly plain: Known<boolean>;
  /**
   * For each argument that is a matrix stored with its last two axes exchanged, whether it can be read four
   * elements at a time if it is `turned`; undefined for others.
   */
  readonly turned: Known<boolean | undefined>;
  /** Whether the result can be stored four elements at a time. */
  readonly wideStore: boolean;
  /** Whether the result is stored as it is: nothing was fused after the kernel. */
  readonly plainStore: boolean;
  /**
   * Given, all pieces of [outer, count, inner] are wanted at once, at every index of [outer, inner]. A kernel
   * that does not say it stores them so has them taken from a scratch buffer.
   */
  readonly pieces?: Pieces;
  /** Whether pipelines are dear to compile, as on software adapters: then few serve many shapes. */
  readonly fewPipelines: boolean;
  /**
   * The texture that images [batch, height, width, channels] fit into, where reading textures is faster
   * than reading buffers, as on the software driver; undefined where it is not, or they do not fit.
   */
  image(shape: Shape): ImageSize | undefined;
  /** Whether texels outside a texture are known to read as zeros, so that kernels need not look. */
  readonly zerosOutside: boolean;
  readonly chosenTile: ChosenTile;
  /** The most memory that a workgroup may share. */
  readonly workgroupBytes: number;
  /** The most threads that a workgroup may have along one dimension. */
  readonly workgroupThreads: number;
}

/** Lowers one kernel. */
export type Lower = (context: KernelContext) => Lowered;

/**
 * The most rounds of loops in one thread, all together. llvmpipe ends every loop of a shader once they
 * have run 65,535 rounds between them, without a word; so long loops are shared out among threads.
 */
export const MAX_ROUNDS = 1 << 15;

/** Threads of a workgroup where a kernel has no reason for another number. */
export const THREADS = 256;

/** The most workgroups along one dimension of a dispatch. */
const MAX_GROUPS = 65535;

/** Any number of workgroups as a dispatch of at least as many, in columns and rows. */
export function spread(groups: number): { readonly columns: number; readonly rows: number } {
  const rows = Math.ceil(groups / MAX_GROUPS);
  return { columns: Math.ceil(groups / rows), rows };
}

/** A kernel that computes each output element, or group of four, in a thread of its own. */
export function perElement(
  count: number,
  lines: string,
  helpers = "",
): Pick<Dispatch, "body" | "workgroups"> {
  const { columns, rows } = spread(Math.ceil(count / THREADS));
  const index = rows === 1 ? "id.x" : `id.x + id.y * ${columns * THREADS}u`;
  const exact = rows * columns * THREADS === count;
  return {
    workgroups: [columns, rows, 1],
    body: `${helpers}
@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = ${index};
${exact ? lines : `  if (i < ${count}u) {\n${lines}\n  }`}
}`,
  };
}

/** Puts the partial results in scratch 0 together, in order, one output or four a thread. */
export const joinParts = (
  parts: number,
  outputs: number,
  width: Width,
  combine: (a: string, b: string) => string,
): Dispatch => ({
  ...perElement(
    outputs / width,
    `  var total = read_scratch0[i];
  for (var k = 1u; k < ${parts}u; k++) {
    total = ${combine("total", `read_scratch0[k * ${outputs / width}u + i]`)};
  }
  store${suffix(width)}(i, total);`,
  ),
  loads: [],
  scratchReads: [{ scratch: 0, width }],
  writes: { width },
});

/** Adds the partial results in scratch 0, in order. */
export const sumParts = (parts: number, outputs: number, width: Width = 1): Dispatch =>
  joinParts(parts, outputs, width, (a, b) => `${a} + ${b}`);

/** Work on `count` things by the threads of a workgroup in turns, without a loop: `lines` for each turn. */
export const unrolled = (
  count: number,
  threads: number,
  lines: (index: string) => string,
): string =>
  Array.from({ length: Math.ceil(count / threads) }, (_, k) => {
    const whole = (k + 1) * threads <= count ? "" : `if (thread < ${count - k * threads}u) `;
    return `  ${whole}{\n    ${lines(`thread + ${k * threads}u`)}\n  }`;
  }).join("\n");

/** Stores the result that lies in scratch, with whatever was fused after the kernel; all pieces at once. */
export function finish(
  size: number,
  wide: boolean,
  scratch = 0,
  { count, inner }: Pieces = { count: 1, inner: size },
): Dispatch {
  const width: Width = wide ? 4 : 1, step = inner / width;
  const first = count === 1 ? "i" : `i + i / ${step}u * ${(count - 1) * step}u`;
  const reads = Array.from(
    { length: count },
    (_, k) => `read_scratch${scratch}[${first} + ${k * step}u]`,
  );
  return {
    ...perElement(size / count / width, `  store${suffix(width)}(i, ${reads.join(", ")});`),
    loads: [],
    scratchReads: [{ scratch, width }],
    writes: { width },
  };
}

/** The WGSL type of one or four f32. */
export const floats = (width: Width): string => typeOf("f32", width);

/** The suffix of accessors that handle one or four elements. */
export const suffix = (width: Width): string => width === 1 ? "" : "x4";
