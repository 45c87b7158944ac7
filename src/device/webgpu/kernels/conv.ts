/**
 * conv2d and its gradients: chooses between depthwise, GEMM, software and naive kernels, and lowers to the one
 * chosen.
 *
 * @module
 */
import { type ConvGeometry, convGeometry, countProducts } from "../../../ops/conv_geometry.ts";
import { isDepthwise } from "./depthwise/blocks.ts";
import { depthwiseConv, depthwiseInputGradient, depthwiseWeightGradient } from "./depthwise/mod.ts";
import { convProduct, inputGradientProduct, weightGradientProduct } from "./gemm/conv.ts";
import { type Kernel, kernel, type KernelContext, type Lowered } from "./kernel.ts";
import { naiveConv, naiveInputGradient, naiveWeightGradient } from "./naive/conv.ts";
import { directConv, directInputGradient } from "./software/correlation.ts";
import { directWeightGradient } from "./software/weight_gradient.ts";

/** Below this many products a naive kernel is faster, as it takes less time to compile. */
const SMALL = 1 << 20;

/** The kernels of an op by family; those that may be undefined do not apply to every geometry. */
interface ConvKernels {
  readonly depthwise: LowerConv<Lowered | undefined>;
  readonly gemm: LowerConv;
  readonly software: LowerConv<Lowered | undefined>;
  readonly naive: LowerConv;
}

type LowerConv<R = Lowered> = (context: KernelContext, g: ConvGeometry) => R;

/**
 * Lowers a convolution or a gradient of it to the kernels that fit best: one thread per element where it is
 * small; kernels of their own for depthwise ones; else a tiled matrix product on GPUs, and kernels that
 * read textures on software adapters whose compiler is fast enough.
 */
function lower(context: KernelContext, g: ConvGeometry, kernels: ConvKernels): Lowered {
  const { depthwise, gemm, software, naive } = kernels;
  if (context.slowCompiler || countProducts(g) < SMALL) return naive(context, g);
  const own = isDepthwise(g) ? depthwise(context, g) : undefined;
  if (own) return own;
  if (!context.fewPipelines) return gemm(context, g);
  return software(context, g) ?? naive(context, g);
}

/** image, weight → output. */
export const conv2d: Kernel = kernel(
  ["direct", "direct"],
  (context) =>
    lower(context, convGeometry(context.args[0].shape, context.args[1].shape, context.attrs), {
      depthwise: depthwiseConv,
      gemm: convProduct,
      software: directConv,
      naive: naiveConv,
    }),
);

/** output cotangent, weight → image cotangent. */
export const conv2dInputGradient: Kernel = kernel(
  ["direct", "direct"],
  (context) =>
    lower(context, convGeometry(context.spec.shape, context.args[1].shape, context.attrs), {
      depthwise: depthwiseInputGradient,
      gemm: inputGradientProduct,
      software: directInputGradient,
      naive: naiveInputGradient,
    }),
);

/** image, output cotangent → weight cotangent. */
export const conv2dWeightGradient: Kernel = kernel(
  ["direct", "direct"],
  (context) =>
    lower(context, convGeometry(context.args[0].shape, context.spec.shape, context.attrs), {
      depthwise: depthwiseWeightGradient,
      gemm: weightGradientProduct,
      software: directWeightGradient,
      naive: naiveWeightGradient,
    }),
);
