/**
 * The kernels of poolings.
 *
 * @module
 */
export { avgPool, avgPoolGradient } from "./average.ts";
export { maxPoolScatter, maxPoolSelect } from "./max.ts";
