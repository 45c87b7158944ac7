/**
 * The kernels of reductions: all that their files export.
 *
 * @module
 */
export * from "./arg_max.ts";
export * from "./folds.ts";
