/**
 * conv2d and its gradients: chooses between GEMM, software and naive kernels, and lowers to the one chosen.
 *
 * @module
 */
import {
  type ConvGeometry,
  convGeometry,
  countProducts,
  isDilated,
} from "../../../ops/conv_geometry.ts";
import { convProduct, inputGradientProduct, weightGradientProduct } from "./gemm/conv.ts";
import { type Kernel, kernel, type KernelContext, type Lowered } from "./kernel.ts";
import { naiveConv, naiveInputGradient, naiveWeightGradient } from "./naive/conv.ts";
import { directConv, directInputGradient } from "./software/correlation.ts";
import { directWeightGradient } from "./software/weight_gradient.ts";

/** Below this many products a naive kernel is faster, as it takes less time to compile. */
const SMALL = 1 << 20;

/** The families of convolution kernels. */
type ConvFamily = "gemm" | "software" | "naive";

/**
 * Which kernels compute a convolution or a gradient of it: a tiled matrix product on GPUs; kernels that
 * read textures on software adapters; one thread per element where it is small.
 */
function chooseFamily({ fewPipelines }: KernelContext, g: ConvGeometry): ConvFamily {
  if (countProducts(g) < SMALL) return "naive";
  if (fewPipelines) return "software";
  return g.groups > 1 || isDilated(g) ? "naive" : "gemm";
}

type LowerConv<R = Lowered> = (context: KernelContext, g: ConvGeometry) => R;

/** Lowers an op to the chosen family; to the naive kernel where the software kernel does not apply. */
function lower(
  context: KernelContext,
  g: ConvGeometry,
  gemm: LowerConv,
  software: LowerConv<Lowered | undefined>,
  naive: LowerConv,
): Lowered {
  const family = chooseFamily(context, g);
  if (family === "gemm") return gemm(context, g);
  return (family === "software" ? software(context, g) : undefined) ?? naive(context, g);
}

/** image, weight → output. */
export const conv2d: Kernel = kernel(["direct", "direct"], (context) => {
  const g = convGeometry(context.args[0].shape, context.args[1].shape, context.attrs);
  return lower(context, g, convProduct, directConv, naiveConv);
});

/** output cotangent, weight → image cotangent. */
export const conv2dInputGradient: Kernel = kernel(["direct", "direct"], (context) => {
  const g = convGeometry(context.spec.shape, context.args[1].shape, context.attrs);
  return lower(context, g, inputGradientProduct, directInputGradient, naiveInputGradient);
});

/** image, output cotangent → weight cotangent. */
export const conv2dWeightGradient: Kernel = kernel(["direct", "direct"], (context) => {
  const g = convGeometry(context.args[0].shape, context.spec.shape, context.attrs);
  return lower(context, g, weightGradientProduct, directWeightGradient, naiveWeightGradient);
});
