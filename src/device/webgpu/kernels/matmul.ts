/**
 * Matrix products: on GPUs in tiles, as `gemm/` says, on software adapters as convolutions with one tap,
 * or several at once as `matmul_direct.ts` does;
 * small ones with a thread for each output.
 *
 * @module
 */
import { sizeOf } from "../../../shape.ts";
import { matmulProduct } from "./gemm/matrix.ts";
import { directProduct } from "./software/correlation.ts";
import { directMatmul } from "./software/matmul.ts";
import { load, store } from "./accessors.ts";
import { MAX_ROUNDS, perElement } from "./entry_points.ts";
import { type Kernel, kernel } from "./kernel.ts";
import { sumParts } from "./partials.ts";

/** Below this many products tiles are not worth it, nor on software with fewer rows or columns than this. */
const SMALL = 1 << 18, NARROW = 24;

/** [batch, m, k] × [batch, k, n] → [batch, m, n]. */
export const matmul: Kernel = kernel(["view", "view"], (context) => {
  const [batch, m, k] = context.args[0].shape, n = context.args[1].shape[2];
  const products = batch * m * n * k;
  if (!context.fewPipelines && products >= SMALL) return matmulProduct(context);
  const loads = [{ argument: 0, width: 1 as const }, { argument: 1, width: 1 as const }];
  if (products < SMALL || Math.min(m, n) < NARROW) {
    const outputs = sizeOf(context.spec.shape), parts = Math.ceil(k / MAX_ROUNDS);
    const product = perElement(
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
    );
    if (parts === 1) return { dispatches: [{ ...product, loads, writes: { width: 1 } }] };
    return {
      scratch: [{ size: parts * outputs }],
      dispatches: [
        { ...product, loads, writes: { scratch: 0, width: 1 } },
        sumParts(parts, outputs),
      ],
    };
  }
  return directProduct(context) ?? directMatmul(context);
});
