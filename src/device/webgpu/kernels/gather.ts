/**
 * gather and scatterAdd, a thread for each element of the result.
 *
 * @module
 */
import { sizeOf } from "../../../shape.ts";
import { type Lower, perElement, vector } from "../kernel.ts";

/** x [n, m], indices [k] → [k, m]. */
export const gather: Lower = ({ args: [{ shape: [n, m], dtype }], spec }) => ({
  dispatches: [{
    ...perElement(
      sizeOf(spec.shape),
      `  let k = i / ${m}u;
  let row = u32(load1(k));
  var v = ${vector(dtype, 1)}();
  if (row < ${n}u) { v = load0(row * ${m}u + i - k * ${m}u); }
  store(i, v);`,
    ),
    loads: [{ argument: 0, width: 1 }, { argument: 1, width: 1 }],
    writes: { width: 1 },
  }],
});

/** indices [k], rows [k, m] → [n, m]: every element adds its rows in order, so no atomics. */
export const scatterAdd: Lower = ({ args: [{ shape: [count] }, { shape: [, m] }], spec }) => ({
  dispatches: [{
    ...perElement(
      sizeOf(spec.shape),
      `  let row = i / ${m}u;
  let column = i - row * ${m}u;
  var total = ${vector(spec.dtype, 1)}();
  for (var k = 0u; k < ${count}u; k++) {
    if (u32(load0(k)) == row) { total += load1(k * ${m}u + column); }
  }
  store(i, total);`,
    ),
    loads: [{ argument: 0, width: 1 }, { argument: 1, width: 1 }],
    writes: { width: 1 },
  }],
});
