/**
 * Which processes of a job share a machine.
 *
 * @module
 */
import type { Handles } from "./handles.ts";
import type { Functions } from "./library.ts";

/** A process's place among those of its machine, and the number of machines. */
export interface Machines {
  readonly localRank: number;
  readonly localSize: number;
  readonly machines: number;
}

/** The most bytes of a machine's name. */
const LONGEST = 1024;

/** A number that tells names apart: FNV-1a of 32 bits. */
export function hashName(name: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of name) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

/** Counts machines by the numbers of their names, one for each process. */
export function countMachines(names: ArrayLike<number>, rank: number): Machines {
  const all = Array.from(names), isHere = (name: number) => name === all[rank];
  return {
    localRank: all.slice(0, rank).filter(isHere).length,
    localSize: all.filter(isHere).length,
    machines: new Set(all).size,
  };
}

/** Finds the machines of a job by the names that the library gives them; all processes call it. */
export function findMachines(
  functions: Functions,
  { world, types, reductions, inPlace }: Handles,
  { rank, size }: { readonly rank: number; readonly size: number },
): Machines {
  const text = new Uint8Array(LONGEST), length = new Int32Array(1), names = new Int32Array(size);
  functions.MPI_Get_processor_name(text, length);
  names[rank] = hashName(text.subarray(0, length[0]));
  functions.MPI_Allreduce(inPlace, names, size, types.i32, reductions.sum, world);
  return countMachines(names, rank);
}
