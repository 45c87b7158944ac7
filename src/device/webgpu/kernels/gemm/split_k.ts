/**
 * The reduction of split-K products: adds the partial results of the parts of the depth.
 *
 * @module
 */
import { workgroupArray } from "../../wgsl/module.ts";
import { symbol } from "../../wgsl/symbols.ts";
import { readScratch, store } from "../accessors.ts";
import { perWorkgroup, splitWorkgroups, THREADS } from "../entry_points.ts";
import type { Dispatch } from "../kernel.ts";

/** Parts that a thread loads before it adds them: one by one, each load would wait for the last addition. */
const AT_ONCE = 16;
/** Threads among which the parts of one result are divided, where there are many. */
const SLICES = 8;

/** Adds the partial results in scratch 0, in a fixed order. */
export function addParts(parts: number, outputs: number): Dispatch {
  const slices = parts > AT_ONCE ? SLICES : 1, width = THREADS / slices;
  const sums = symbol("sums"), own = Math.ceil(parts / slices), unrolled = Math.min(AT_ONCE, own);
  const { columns, rows } = splitWorkgroups(Math.ceil(outputs / width));
  const reads = Array.from(
    { length: unrolled },
    (_, k) =>
      `    total += select(0.0, ${readScratch(0)}[min(part + ${k}u, ${
        parts - 1
      }u) * ${outputs}u + at], part + ${k}u < last);`,
  );
  const total = Array.from({ length: slices }, (_, k) => `${sums}[thread + ${k * width}u]`);
  return {
    workgroups: [columns, rows, 1],
    declarations: [workgroupArray("sums", "f32", THREADS)],
    entry: perWorkgroup(
      THREADS,
      `  let slice = thread / ${width}u;
  let i = (group.x + group.y * ${columns}u) * ${width}u + thread - slice * ${width}u;
  let at = min(i, ${outputs - 1}u);
  let last = min((slice + 1u) * ${own}u, ${parts}u);
  var total = 0.0;
  for (var part = slice * ${own}u; part < last; part += ${unrolled}u) {
${reads.join("\n")}
  }
  ${sums}[thread] = total;
  workgroupBarrier();
  if (slice == 0u && i < ${outputs}u) { ${store()}(i, ${total.join(" + ")}); }`,
    ),
    loads: [],
    scratchReads: [{ scratch: 0, width: 1 }],
    writes: { width: 1 },
  };
}
