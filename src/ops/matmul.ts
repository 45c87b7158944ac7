/**
 * Matrix products.
 *
 * @module
 */
import { broadcastShapes, showShape, sizeOf } from "../shape.ts";
import { apply, type KernelOp, type Tensor } from "../tensor.ts";
import { showSpec } from "../spec.ts";
import { broadcastTo } from "./broadcast.ts";
import { checkTensor } from "./check.ts";
import { reshape, transpose } from "./view.ts";
import type { Tuple } from "../tuple.ts";

const transposed = (x: Tensor) => transpose(x, [0, 2, 1]);

/** [batch, m, k] × [batch, k, n] → [batch, m, n]. Transposed arguments are views, read in place. */
export const matmulOp: KernelOp = {
  kind: "kernel",
  name: "matmul",
  infer: ([a, b]) => ({ shape: [a.shape[0], a.shape[1], b.shape[2]], dtype: a.dtype }),
  reference: ([a, b], [{ shape: [batch, m, k] }, { shape: [, , n] }]) => {
    const y = new Float64Array(batch * m * n);
    for (let row = 0; row < batch * m; row++) {
      const start = Math.floor(row / m) * k;
      for (let i = 0; i < k; i++) {
        const scale = a[row * k + i]!;
        for (let j = 0; j < n; j++) y[row * n + j]! += scale * b[(start + i) * n + j]!;
      }
    }
    return y;
  },
  flops: ([a], y) => 2 * sizeOf(y.shape) * a.shape[2],
  vjp: (g, [a, b]) => [apply(matmulOp, [g, transposed(b)]), apply(matmulOp, [transposed(a), g])],
};

/**
 * The matrix product of the last two axes, f32: [..., m, k] × [..., k, n] → [..., m, n]. Leading axes
 * broadcast by NumPy's rule.
 *
 * @throws RangeError if the inner sizes differ or an operand has fewer than two axes.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.matmul(tensor([[1, 2]]), tensor([[3], [4]])));
 * console.assert(y.join() === "11");
 * ```
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  checkTensor("matmul", a);
  checkTensor("matmul", b);
  const found = `${showShape(a.shape)} × ${showShape(b.shape)}`;
  if (a.dtype !== "f32" || b.dtype !== "f32") {
    throw new TypeError(`matmul: expected f32 operands, found ${showSpec(a)} × ${showSpec(b)}`);
  }
  if (a.rank < 2 || b.rank < 2) {
    throw new RangeError(`matmul: expected at least two axes each, found ${found}`);
  }
  const [m, k] = a.shape.slice(-2) as Tuple<number, 2>,
    [k2, n] = b.shape.slice(-2) as Tuple<number, 2>;
  if (k !== k2) throw new RangeError(`matmul: expected inner sizes to match, found ${found}`);
  if (b.rank === 2) {
    const rows = reshape(a, [1, a.size / k, k]);
    return reshape(apply(matmulOp, [rows, reshape(b, [1, k, n])]), [...a.shape.slice(0, -1), n]);
  }
  const lead = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const flat = (x: Tensor, rows: number, columns: number) =>
    reshape(broadcastTo(x, [...lead, rows, columns]), [sizeOf(lead), rows, columns]);
  return reshape(apply(matmulOp, [flat(a, m, k), flat(b, k, n)]), [...lead, m, n]);
}
