/**
 * Depthwise convolutions, in which each channel has weights of its own, and their gradients. A thread has
 * four neighboring channels of the image, and all that belong to them of the result.
 *
 * @module
 */
export { depthwiseConv, depthwiseInputGradient } from "./windows.ts";
export { depthwiseWeightGradient } from "./weight_gradient.ts";
