/**
 * The kernels of convolution and its two gradients, each lowered by the algorithm chosen for its geometry.
 *
 * @module
 */
import {
  type ConvGeometry,
  convGeometry,
  inputGradientGeometry,
} from "../../../../ops/conv_geometry.ts";
import { type Kernel, kernel, type KernelContext, type Lowered } from "../../kernel.ts";
import { chooseAlgorithm } from "./choice.ts";
import { convolveDirectly } from "./direct.ts";
import { convolveDepthwise, isDepthwise, weightGradientDepthwise } from "./depthwise/mod.ts";
import { weightGradientDirectly } from "./direct_weight_gradient.ts";
import { transposedWeightStrides, type WeightStrides, weightStrides } from "./weights.ts";
import { convolveByWinograd } from "./winograd/convolve.ts";
import { weightGradientByWinograd } from "./winograd/weight_gradient.ts";

/** image, weight → output. */
export const conv2d: Kernel = kernel(["any", "direct"], (context) => {
  const g = convGeometry(context.args[0].shape, context.args[1].shape, context.attrs);
  return convolve(context, g, weightStrides(g));
});

/** output cotangent, weight → image cotangent. */
export const conv2dInputGradient: Kernel = kernel(["any", "direct"], (context) => {
  const g = convGeometry(context.spec.shape, context.args[1].shape, context.attrs);
  return convolve(context, inputGradientGeometry(g), transposedWeightStrides(g));
});

/** image, output cotangent → weight cotangent. */
export const conv2dWeightGradient: Kernel = kernel(["any", "any"], (context) => {
  const g = convGeometry(context.args[0].shape, context.spec.shape, context.attrs);
  if (isDepthwise(g)) return weightGradientDepthwise(context, g);
  const algorithm = chooseAlgorithm(context.features, g, "weightGradient");
  return algorithm === "direct"
    ? weightGradientDirectly(context, g)
    : weightGradientByWinograd(context, g, algorithm);
});

function convolve(context: KernelContext, g: ConvGeometry, weights: WeightStrides): Lowered {
  if (isDepthwise(g)) return convolveDepthwise(context, g, weights);
  const algorithm = chooseAlgorithm(context.features, g);
  return algorithm === "direct"
    ? convolveDirectly(context, g, weights)
    : convolveByWinograd(context, g, algorithm, weights);
}
