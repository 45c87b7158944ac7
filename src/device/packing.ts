/**
 * Tensors packed into one array: how they lie in it.
 *
 * @module
 */
import { ARRAYS, type Data, type DType } from "../host_data.ts";

/** Tensors begin at multiples of so many elements, which are 64 bytes. */
const ALIGNED = 16;

/** Where tensors begin in one array, and its length. */
export interface Packed {
  readonly offsets: readonly number[];
  readonly length: number;
}

/** How tensors of some sizes lie in one array: each from the next multiple of 16 elements on. */
export function packedOffsets(sizes: readonly number[]): Packed {
  let length = 0;
  const offsets = sizes.map((size) => {
    const offset = Math.ceil(length / ALIGNED) * ALIGNED;
    length = offset + size;
    return offset;
  });
  return { offsets, length };
}

/** Arrays of one element type as one array, with zeros between them. */
export function pack(arrays: readonly Data[], dtype: DType): Data {
  const { offsets, length } = packedOffsets(arrays.map((array) => array.length));
  const packed = new ARRAYS[dtype](length);
  arrays.forEach((array, i) => packed.set(array, offsets[i]!));
  return packed;
}

/** The arrays of some sizes that were packed into one, as views of it. */
export function unpack(packed: Data, sizes: readonly number[]): Data[] {
  const { offsets } = packedOffsets(sizes);
  return sizes.map((size, i) => packed.subarray(offsets[i]!, offsets[i]! + size));
}
