/**
 * Lowers a step of a plan to programs: its kernel to dispatches, and each dispatch to WGSL.
 *
 * @module
 */
import type { KernelUse, Step } from "../../../plan/plan.ts";
import { sizeOf } from "../../../shape.ts";
import { asArg, asArgs } from "../../../spec.ts";
import { type Known, known } from "../../../tuple.ts";
import { store } from "../kernels/accessors.ts";
import type { AdapterTraits } from "../kernels/adapter_traits.ts";
import { perElement } from "../kernels/entry_points.ts";
import type { Dispatch, KernelContext, Lowered, Scratch } from "../kernels/kernel.ts";
import { finish } from "../kernels/partials.ts";
import { type ImageSize, wholeRow } from "../kernels/texture.ts";
import { typeOf } from "../wgsl/types.ts";
import type { Program } from "./program.ts";
import { type StoreLayout, storeLayout } from "./store.ts";
import { transposedView } from "./transposed.ts";
import { isVectorizable } from "./vectorize.ts";
import { writeProgram } from "./write_program.ts";

/** The programs of a step, and the scratch buffers that they share. */
export interface StepPrograms {
  readonly programs: readonly Program[];
  readonly scratch: readonly Scratch[];
}

/** Lowers the kernel of a kernel op, by name. */
export type LowerByName = (name: string, context: KernelContext) => Lowered;

/**
 * The programs of a step. `lower` lowers the kernel that the step has, if any.
 *
 * @param parametric Whether steps that differ only in offsets into slots and in constants should have the
 * same text.
 */
export function lowerStep(
  step: Step,
  lower: LowerByName,
  traits: AdapterTraits,
  parametric = false,
): StepPrograms {
  const { kernel } = step, layout = storeLayout(step);
  const { dispatches, scratch = [] } = kernel
    ? lowerKernel(kernel, kernelContext(step, kernel, layout, traits), lower)
    : { dispatches: [elementwise(step, layout)] };
  const programs = dispatches.map((d) => writeProgram(step, d, scratch, layout, parametric));
  return { programs, scratch };
}

/** The context from which the kernel of a step is lowered. */
function kernelContext(
  step: Step,
  kernel: KernelUse,
  layout: StoreLayout,
  traits: AdapterTraits,
): KernelContext {
  const { software, slowCompiler, zerosOutside, chooseTile, workgroupBytes, workgroupThreads } =
    traits;
  return {
    args: asArgs(kernel.args.map((a) => a.spec)),
    spec: asArg(kernel.spec),
    attrs: kernel.attrs,
    vectorized: known(kernel.args.map((a) => isVectorizable(a.expr))),
    unfused: known(kernel.args.map((a) => a.expr.kind === "load")),
    transposed: known(kernel.args.map((a) => {
      const expr = transposedView(a.expr, a.spec.shape);
      return expr && isVectorizable(expr);
    })),
    vectorizedStore: layout.width === 4,
    unfusedStore: step.store.kind === "result" && !step.also && !kernel.pieces,
    ...(kernel.pieces && { pieces: kernel.pieces }),
    fewPipelines: software,
    slowCompiler,
    image: (shape) => software ? imageSize(known(shape), traits.textures) : undefined,
    zerosOutside,
    chooseTile,
    workgroupBytes,
    workgroupThreads,
  };
}

/**
 * A kernel's dispatches. If it cannot store pieces, it writes to scratch and a further dispatch stores
 * them.
 */
function lowerKernel(
  { op, spec }: KernelUse,
  context: KernelContext,
  lower: LowerByName,
): Lowered {
  const { pieces, vectorizedStore } = context, own = lower(op.name, context);
  if (!pieces || own.inPieces) return own;
  const { pieces: _, ...whole } = context, size = sizeOf(spec.shape);
  const { dispatches, scratch = [] } = lower(op.name, {
    ...whole,
    unfusedStore: true,
    vectorizedStore: size % 4 === 0,
  });
  const place = scratch.length;
  return {
    scratch: [...scratch, { size, dtype: spec.dtype }],
    dispatches: [
      ...dispatches.map((d) => ({ ...d, writes: { scratch: place, ...d.writes } })),
      finish(size, vectorizedStore, place, pieces),
    ],
  };
}

/** The texture that an image fits into without padding. */
function imageSize(
  [batch, height, width, channels]: Known<number>,
  { texels, layers }: AdapterTraits["textures"],
): ImageSize | undefined {
  const columns = width * channels / 4;
  const fits = channels % 4 === 0 && columns <= texels && height <= texels && batch <= layers &&
    wholeRow(columns) === columns;
  return fits ? [columns, height, batch] : undefined;
}

/** The dispatch of a step without a kernel: each thread computes and stores one element or group of four. */
function elementwise(step: Step, { pieces, width }: StoreLayout): Dispatch {
  const threads = sizeOf(step.spec.shape) / width / (pieces?.pieces.length ?? 1);
  return {
    ...perElement(threads, `  ${store(width)}(i, ${typeOf("f32", width)}());`),
    loads: [],
    writes: { width },
  };
}
