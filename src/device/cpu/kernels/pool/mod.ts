/**
 * The kernels of poolings: all that their files export.
 *
 * @module
 */
export * from "./average.ts";
export * from "./max.ts";
