/**
 * The kernels of pooling.
 *
 * @module
 */
export * from "./average.ts";
export * from "./max.ts";
