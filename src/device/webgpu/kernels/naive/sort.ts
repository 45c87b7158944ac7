/**
 * argSort over rows [rows, n]: short runs by counting ranks, then pairs of runs merged, each element finding its
 * place in the other run by bisection. One thread an element, and no thread waits for another.
 *
 * @module
 */
import { load, parameter, readScratch, store } from "../accessors.ts";
import { perElement } from "../entry_points.ts";
import { type Dispatch, type Kernel, kernel } from "../kernel.ts";
import { helperCall } from "../../wgsl/helper_call.ts";
import type { DType } from "../../../../host_data.ts";

/** The length of the runs that are sorted by counting. */
const RUN = 32;

/** The lines that define `NAME`, the key of an element as u32: in order, 0 and -0 alike, NaN the largest. */
function keyLines(name: string, at: string, dtype: DType, descending: boolean): string {
  const value = `${name}_value`, bits = `${name}_bits`;
  const flip = descending ? "~" : "";
  const lines = dtype === "f32"
    ? `  let ${bits} = bitcast<u32>(${value});
  var ${name} = select(${bits} | 0x80000000u, ~${bits}, (${bits} >> 31u) == 1u);
  if ((${bits} & 0x7fffffffu) == 0u) { ${name} = 0x80000000u; }
  if (${helperCall("is_nan", 1, value)}) { ${name} = 0xffffffffu; }`
    : dtype === "i32"
    ? `  var ${name} = bitcast<u32>(${value}) ^ 0x80000000u;`
    : `  var ${name} = ${value};`;
  return `  let ${value} = ${load(0)}(${at});\n${lines}\n  ${name} = ${flip}${name};`;
}

/** argSort. */
export const argSort: Kernel = kernel(["view"], ({ args: [{ shape, dtype }], attrs }) => {
  const [rows, n] = shape, descending = attrs.descending === true, elements = rows * n;
  const key = (name: string, at: string) => keyLines(name, at, dtype, descending);
  const argument = { argument: 0, width: 1 as const };
  const levels = Math.max(0, Math.ceil(Math.log2(n / RUN)));
  const counting: Dispatch = {
    ...perElement(
      elements,
      `  let row = i / ${n}u * ${n}u;
  let own = i - row;
  let first = own / ${RUN}u * ${RUN}u;
  let end = min(first + ${RUN}u, ${n}u);
${key("mine", "i")}
  var place = row + first;
  for (var k = first; k < end; k++) {
${key("other", "row + k")}
    if (other < mine || (other == mine && k < own)) { place++; }
  }
  ${store()}(place, i32(own));`,
    ),
    loads: [argument],
    writes: levels === 0 ? { width: 1 } : { scratch: 0, width: 1 },
  };
  const merging = Array.from({ length: levels }, (_, level): Dispatch => {
    const from = level % 2, isLast = level === levels - 1, scratch = readScratch(from);
    return {
      ...perElement(
        elements,
        `  let run = ${parameter(0)};
  let row = i / ${n}u * ${n}u;
  let own = i - row;
  let first = own / (2u * run) * 2u * run;
  let middle = min(first + run, ${n}u);
  let isLeft = own < middle;
  let index = ${scratch}[i];
${key("mine", "row + u32(index)")}
  var low = select(first, middle, isLeft);
  var high = select(middle, min(middle + run, ${n}u), isLeft);
  let start = low;
  while (low < high) {
    let at = (low + high) / 2u;
${key("other", `row + u32(${scratch}[row + at])`)}
    if (other < mine || (other == mine && !isLeft)) { low = at + 1u; } else { high = at; }
  }
  let within = select(own - middle, own - first, isLeft);
  ${store()}(row + first + within + low - start, index);`,
      ),
      loads: [argument],
      scratchReads: [{ scratch: from, width: 1 }],
      writes: isLast ? { width: 1 } : { scratch: 1 - from, width: 1 },
      parameters: [RUN * 2 ** level],
    };
  });
  return {
    scratch: Array.from({ length: Math.min(2, levels) }, () => ({
      size: elements,
      dtype: "i32" as const,
    })),
    dispatches: [counting, ...merging],
  };
});
