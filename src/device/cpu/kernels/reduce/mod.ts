/**
 * The kernels of reductions.
 *
 * @module
 */
export * from "./arg_max.ts";
export * from "./folds.ts";
