/**
 * Matrix products: one thread per element of the result, or per part of its sum.
 *
 * @module
 */
import { sizeOf } from "../../../../shape.ts";
import { load, store } from "../accessors.ts";
import { MAX_ROUNDS, perElement } from "../entry_points.ts";
import type { KernelContext, Lowered } from "../kernel.ts";
import { sumParts } from "../partials.ts";

/** [batch, m, k] × [batch, k, n] → [batch, m, n]. */
export function naiveMatmul({ args, spec }: KernelContext): Lowered {
  const [, m, k] = args[0].shape, n = args[1].shape[2];
  const outputs = sizeOf(spec.shape), parts = Math.ceil(k / MAX_ROUNDS);
  const product = {
    ...perElement(
      parts * outputs,
      `  let part = i / ${outputs}u;
  let element = i - part * ${outputs}u;
  let row = element / ${n}u;
  let column = element - row * ${n}u;
  let first = row / ${m}u * ${k * n}u + column;
  var total = 0.0;
  for (var j = part * ${MAX_ROUNDS}u; j < min((part + 1u) * ${MAX_ROUNDS}u, ${k}u); j++) {
    total += ${load(0)}(row * ${k}u + j) * ${load(1)}(first + j * ${n}u);
  }
  ${store()}(i, total);`,
    ),
    loads: [{ argument: 0, width: 1 as const }, { argument: 1, width: 1 as const }],
  };
  if (parts === 1) return { dispatches: [{ ...product, writes: { width: 1 } }] };
  return {
    scratch: [{ size: parts * outputs }],
    dispatches: [
      { ...product, writes: { scratch: 0, width: 1 } },
      sumParts(parts, outputs),
    ],
  };
}
