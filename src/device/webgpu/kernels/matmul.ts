/**
 * The choice of a kernel for a matrix product, from its sizes: small ones a thread for each element, others
 * on GPUs in tiles, on software adapters as a convolution with one tap, or several products at once.
 *
 * @module
 */
import { matmulProduct } from "./gemm/matrix.ts";
import { type Kernel, kernel } from "./kernel.ts";
import { naiveMatmul } from "./naive/matmul.ts";
import { directProduct } from "./software/correlation.ts";
import { directMatmul } from "./software/matmul.ts";

/** Below this many products tiles are not worth it, nor on software with fewer rows or columns than this. */
const SMALL = 1 << 18, NARROW = 24;

/** [batch, m, k] × [batch, k, n] → [batch, m, n]. */
export const matmul: Kernel = kernel(["view", "view"], (context) => {
  const [batch, m, k] = context.args[0].shape, n = context.args[1].shape[2];
  const isSmall = batch * m * n * k < SMALL;
  if (!context.fewPipelines && !isSmall) return matmulProduct(context);
  if (isSmall || Math.min(m, n) < NARROW) return naiveMatmul(context);
  return directProduct(context) ?? directMatmul(context);
});
