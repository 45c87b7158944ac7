/**
 * The kernels of reductions.
 *
 * @module
 */
export { argMax } from "./arg_max.ts";
export { max, sum } from "./sum_and_max.ts";
