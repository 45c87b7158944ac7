/**
 * matmul: chooses a kernel by sizes: naive for small products, tiled on GPUs, and on software adapters a 1
 * × 1 convolution or the software kernel.
 *
 * @module
 */
import { matmulProduct } from "./gemm/matrix.ts";
import { type Kernel, kernel } from "./kernel.ts";
import { naiveMatmul } from "./naive/matmul.ts";
import { directProduct } from "./software/correlation.ts";
import { directMatmul } from "./software/matmul.ts";
import { narrowMatmul } from "./software/narrow_matmul.ts";

/**
 * The naive kernel is faster below this many products; on software adapters, products with fewer rows or
 * columns than this have a kernel of their own.
 */
const SMALL = 1 << 18, NARROW = 24;

/** [batch, m, k] × [batch, k, n] → [batch, m, n]. */
export const matmul: Kernel = kernel(["view", "view"], (context) => {
  const [batch, m, k] = context.args[0].shape, n = context.args[1].shape[2];
  const isSmall = batch * m * n * k < SMALL;
  if (!context.fewPipelines && !isSmall) return matmulProduct(context);
  if (isSmall || context.slowCompiler) return naiveMatmul(context);
  if (Math.min(m, n) < NARROW) return narrowMatmul(context) ?? naiveMatmul(context);
  return directProduct(context) ?? directMatmul(context);
});
