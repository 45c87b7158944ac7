/**
 * Training by several processes: data-parallel over MPI.
 *
 * @module
 */
export { distributed, type DistributedOptions } from "./distributed.ts";
export type { Reduction } from "./mpi/handles.ts";
export type { Distributed, Pending, Reducible } from "./types.ts";
