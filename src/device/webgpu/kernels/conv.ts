/**
 * Convolution and its gradients: the geometry of each, the kernel that is chosen for it, and its lowering.
 *
 * @module
 */
import { type ConvGeometry, convGeometry, countProducts } from "../../../ops/conv_geometry.ts";
import { convProduct, inputGradientProduct, weightGradientProduct } from "./gemm/conv.ts";
import { type Kernel, kernel, type KernelContext, type Lowered } from "./kernel.ts";
import { naiveConv, naiveInputGradient, naiveWeightGradient } from "./naive/conv.ts";
import { directConv, directInputGradient } from "./software/correlation.ts";
import { directWeightGradient } from "./software/weight_gradient.ts";

/** Below this many products a naive kernel, which compiles at once, is the faster one in the end. */
const SMALL = 1 << 22;

/** The rooms of kernels that compute convolutions. */
type ConvRoom = "gemm" | "software" | "naive";

/**
 * Where a convolution or a gradient of it is computed: as a product of matrices on GPUs, where tiles pay; from
 * textures at stride 1 on software adapters; by a thread for each element what is small or in groups. None reads
 * a dilation.
 */
function chooseRoom({ fewPipelines }: KernelContext, g: ConvGeometry): ConvRoom {
  if (g.groups > 1 || countProducts(g) < SMALL) return "naive";
  if (!fewPipelines) return "gemm";
  return g.y.stride === 1 && g.x.stride === 1 ? "software" : "naive";
}

type LowerConv<R = Lowered> = (context: KernelContext, g: ConvGeometry) => R;

/** Lowers an op in the room that is chosen; naively where the software kernel does not fit. */
function lower(
  context: KernelContext,
  g: ConvGeometry,
  gemm: LowerConv,
  software: LowerConv<Lowered | undefined>,
  naive: LowerConv,
): Lowered {
  const room = chooseRoom(context, g);
  if (room === "gemm") return gemm(context, g);
  return (room === "software" ? software(context, g) : undefined) ?? naive(context, g);
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
