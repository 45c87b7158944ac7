/**
 * The last dispatch of a kernel whose results are in scratch: combines partial results, or stores complete
 * ones with the work fused after the kernel.
 *
 * @module
 */
import type { Pieces } from "../../../plan/plan.ts";
import type { Width } from "../wgsl/types.ts";
import { readScratch, store } from "./accessors.ts";
import { perElement } from "./entry_points.ts";
import type { Dispatch } from "./kernel.ts";
import { combineStrided } from "./strided.ts";

/**
 * Combines the partial results in scratch 0, in order; each thread takes one or four outputs.
 *
 * @param atOnce How many a thread loads before it combines them.
 */
export const joinParts = (
  parts: number,
  outputs: number,
  width: Width,
  combine: (a: string, b: string) => string,
  atOnce = 1,
): Dispatch => ({
  ...perElement(
    outputs / width,
    `  var total = ${readScratch(0)}[i];
${
      combineStrided({
        name: "total",
        first: "1u",
        step: 1,
        end: parts,
        atOnce,
        read: (k) => `${readScratch(0)}[(${k}) * ${outputs / width}u + i]`,
        combine,
      })
    }
  ${store(width)}(i, total);`,
  ),
  loads: [],
  scratchReads: [{ scratch: 0, width }],
  writes: { width },
});

/** Adds the partial results in scratch 0, in order. */
export const sumParts = (parts: number, outputs: number, width: Width = 1): Dispatch =>
  joinParts(parts, outputs, width, (a, b) => `${a} + ${b}`);

/** Stores a complete result from scratch, with the work fused after the kernel; all pieces at once. */
export function finish(
  size: number,
  vectorized: boolean,
  scratch = 0,
  { count, inner }: Pieces = { count: 1, inner: size },
): Dispatch {
  const width: Width = vectorized ? 4 : 1, step = inner / width;
  const first = count === 1 ? "i" : `i + i / ${step}u * ${(count - 1) * step}u`;
  const reads = Array.from(
    { length: count },
    (_, k) => `${readScratch(scratch)}[${first} + ${k * step}u]`,
  );
  return {
    ...perElement(size / count / width, `  ${store(width)}(i, ${reads.join(", ")});`),
    loads: [],
    scratchReads: [{ scratch, width }],
    writes: { width },
  };
}
