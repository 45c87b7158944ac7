/**
 * What parts of the library below the runtime know of several processes: numbers that all gather, and
 * tensors that one shares with the others.
 *
 * @module
 */
import { ARRAYS, type Data } from "./host_data.ts";
import { owning, type Params, type Tensor } from "./tensor.ts";
import { leaves, type MapTree, unflatten } from "./tree.ts";

/** Processes that work together, this one being number `rank` of `size`; what `distributed()` gives is one. */
export interface Processes {
  /** This process's number, from 0. */
  readonly rank: number;
  /** The number of processes. */
  readonly size: number;
  /** Replaces each element by its sum over all processes. */
  allReduce(data: Float64Array): void;
  /** Replaces elements by those of process `from`. */
  broadcast(data: ArrayBufferView, from?: number): void;
}

/** Reads tensors; a runtime from `open()` does. */
export interface Reader {
  /** Reads the elements of every tensor in a tree. */
  read<T extends Params>(tree: T): Promise<MapTree<T, Tensor, Data>>;
}

/** The numbers of every process, in the order of their ranks; each gives equally many. */
export function gatherNumbers(
  { rank, size, ...all }: Processes,
  own: readonly number[],
): readonly Float64Array[] {
  const { length } = own, numbers = new Float64Array(size * length);
  numbers.set(own, rank * length);
  // A sum with zeros is exact, in whatever order it is taken.
  all.allReduce(numbers);
  return Array.from({ length: size }, (_, i) => numbers.subarray(i * length, (i + 1) * length));
}

/** The tensors of process 0, in all processes. */
export async function shareTensors<T extends Params>(
  run: Reader,
  processes: Processes,
  tree: T,
): Promise<T> {
  const all = leaves<Tensor>(tree), own = [...new Set(all)];
  const read = await run.read(own) as readonly Data[];
  for (const data of read) processes.broadcast(data);
  const shared = new Map(own.map((x, i) => [x, owning(read[i]!, x.shape)]));
  return unflatten<T, Tensor, Tensor>(tree, all.map((x) => shared.get(x)!)) as unknown as T;
}

/** The examples of every process as one batch, in the order of the ranks, `counts` of them each. */
export async function gatherBatch(
  run: Reader,
  processes: Processes,
  own: Tensor,
  counts: readonly number[],
): Promise<Tensor> {
  const [read] = await run.read([own]) as unknown as [Data];
  const each = read.length / own.shape[0]!, total = counts.reduce((sum, count) => sum + count, 0);
  const all: Data = new ARRAYS[own.dtype](each * total);
  let at = 0;
  for (const [from, count] of counts.entries()) {
    const part = all.subarray(at, at += each * count);
    if (from === processes.rank) part.set(read);
    processes.broadcast(part, from);
  }
  return owning(all, [total, ...own.shape.slice(1)]);
}
