/**
 * gather and scatterAdd: one thread per element of the result.
 *
 * @module
 */
import { outsideValue } from "../../../../ops/gather.ts";
import { sizeOf } from "../../../../shape.ts";
import { load, store } from "../accessors.ts";
import { MAX_ROUNDS, perElement } from "../entry_points.ts";
import { type Kernel, kernel } from "../kernel.ts";
import { sumParts } from "../partials.ts";
import { literal } from "../../wgsl/literal.ts";
import { typeOf } from "../../wgsl/types.ts";

/** x [n, m], indices [k] → [k, m]. */
export const gather: Kernel = kernel(
  ["view", "view"],
  ({ args: [{ shape: [n, m], dtype }], attrs, spec }) => ({
    dispatches: [{
      ...perElement(
        sizeOf(spec.shape),
        `  let k = i / ${m}u;
  let row = u32(${load(1)}(k));
  var v = ${literal(outsideValue(dtype, attrs), dtype, 1)};
  if (row < ${n}u) { v = ${load(0)}(row * ${m}u + i - k * ${m}u); }
  ${store()}(i, v);`,
      ),
      loads: [{ argument: 0, width: 1 }, { argument: 1, width: 1 }],
      writes: { width: 1 },
    }],
  }),
);

/** indices [k], rows [k, m] → [n, m]: each element adds its rows in order, without atomics. */
export const scatterAdd: Kernel = kernel(
  ["view", "any"],
  ({ args: [{ shape: [count] }, { shape: [, m] }], spec }) => {
    const outputs = sizeOf(spec.shape), parts = Math.ceil(count / MAX_ROUNDS);
    const loads = [{ argument: 0, width: 1 as const }, { argument: 1, width: 1 as const }];
    const add = perElement(
      parts * outputs,
      `  let part = i / ${outputs}u;
  let element = i - part * ${outputs}u;
  let row = element / ${m}u;
  let column = element - row * ${m}u;
  var total = ${typeOf(spec.dtype, 1)}();
  for (var k = part * ${MAX_ROUNDS}u; k < min((part + 1u) * ${MAX_ROUNDS}u, ${count}u); k++) {
    if (u32(${load(0)}(k)) == row) { total += ${load(1)}(k * ${m}u + column); }
  }
  ${store()}(i, total);`,
    );
    if (parts === 1) return { dispatches: [{ ...add, loads, writes: { width: 1 } }] };
    return {
      scratch: [{ size: parts * outputs, dtype: spec.dtype }],
      dispatches: [{ ...add, loads, writes: { scratch: 0, width: 1 } }, sumParts(parts, outputs)],
    };
  },
);
