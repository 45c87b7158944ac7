/**
 * gather and scatterAdd, each other's adjoints, and oneHot.
 *
 * @module
 */
import { checkShape, type Shape, showShape, sizeOf } from "../shape.ts";
import { apply, type Attrs, type KernelOp, type Tensor } from "../tensor.ts";
import type { DType } from "../host_data.ts";
import { showSpec } from "../spec.ts";
import { cast, equal, iota } from "./scalar.ts";
import { broadcastTo } from "./broadcast.ts";
import { reshape } from "./view.ts";

/**
 * What a gather returns for an index outside 0…n-1: NaN if `attrs.poison` is set and the type is f32, else
 * 0.
 */
export const outsideValue = (dtype: DType, attrs: Attrs): number =>
  attrs.poison && dtype === "f32" ? NaN : 0;

/** x [n, m], indices [k] → [k, m]; an index outside 0…n-1 gives a row of {@linkcode outsideValue}. */
export const gatherOp: KernelOp = {
  kind: "kernel",
  name: "gather",
  infer: ([x, at]) => ({ shape: [at.shape[0], x.shape[1]], dtype: x.dtype }),
  reference: ([x, at], [{ shape: [n, m], dtype }], _, attrs) => {
    const y = new Float64Array(at.length * m).fill(outsideValue(dtype, attrs));
    at.forEach((row, k) => {
      if (row >= 0 && row < n) y.set(x.subarray(row * m, (row + 1) * m), k * m);
    });
    return y;
  },
  flops: () => 0,
  vjp: (g, [x, at]) => [apply(scatterAddOp, [at, g], { n: x.shape[0]! }), null],
};

/**
 * indices [k], rows [k, m] → [n, m]: each row added at its index, in order; rows with an index outside
 * 0…n-1 are dropped.
 */
export const scatterAddOp: KernelOp = {
  kind: "kernel",
  name: "scatterAdd",
  infer: ([, rows], { n }) => ({ shape: [n as number, rows.shape[1]], dtype: rows.dtype }),
  reference: ([at, rows], [, { shape: [, m] }], y) => {
    const out = new Float64Array(sizeOf(y.shape));
    at.forEach((row, k) => {
      if (row < 0 || row >= y.shape[0]) return;
      for (let j = 0; j < m; j++) out[row * m + j]! += rows[k * m + j]!;
    });
    return y.dtype === "f32" ? out : out.map((v) => y.dtype === "i32" ? v | 0 : v >>> 0);
  },
  flops: ([, rows]) => sizeOf(rows.shape),
  vjp: (c, [at]) => [null, apply(gatherOp, [c, at])],
};

function indices(name: string, at: Tensor): Tensor {
  if (at.dtype === "f32") {
    throw new TypeError(`${name}: expected i32 or u32 indices, found ${showSpec(at)}`);
  }
  return reshape(at, [at.size]);
}

/**
 * Rows of a tensor: x [n, ...rest], indices of any shape → [...indices, ...rest]. An index outside 0…n-1
 * gives NaN, so that the mistake shows in the loss; for integer tensors it gives 0.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.gather(tensor([[1, 2], [3, 4]]), tensor([1, 0, 9], [3], "i32")));
 * console.assert(y.join() === "3,4,1,2,NaN,NaN");
 * ```
 */
export function gather(x: Tensor, at: Tensor): Tensor {
  if (x.rank === 0) {
    throw new RangeError(`gather: expected at least one axis, found ${showSpec(x)}`);
  }
  const [n, ...rest] = x.shape as [number, ...number[]];
  const rows = apply(gatherOp, [reshape(x, [n, sizeOf(rest)]), indices("gather", at)], {
    poison: true,
  });
  return reshape(rows, [...at.shape, ...rest]);
}

/**
 * Zeros of shape [n, ...rest] to which each row is added at its index: indices of any shape, rows
 * [...indices, ...rest]. Rows with an index outside 0…n-1 are dropped. Rows are added in order, so the
 * result is deterministic.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.scatterAdd(3, tensor([2, 0, 2], [3], "i32"), tensor([1, 5, 10])));
 * console.assert(y.join() === "5,0,11");
 * ```
 */
export function scatterAdd(n: number, at: Tensor, rows: Tensor): Tensor {
  checkShape("scatterAdd", [n]);
  const rest: Shape = rows.shape.slice(at.rank);
  if (rows.shape.slice(0, at.rank).join() !== at.shape.join()) {
    throw new RangeError(
      `scatterAdd: expected rows of shape [...${showShape(at.shape)}, ...], found ${
        showShape(rows.shape)
      }`,
    );
  }
  const flat = reshape(rows, [at.size, sizeOf(rest)]);
  return reshape(apply(scatterAddOp, [indices("scatterAdd", at), flat], { n }), [n, ...rest]);
}

/**
 * 1 at each label, 0 elsewhere, f32: labels of any shape → [...labels, classes]. A label outside
 * 0…classes-1 gives a row of zeros.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.oneHot(tensor([2, 0], [2], "i32"), 3));
 * console.assert(y.join() === "0,0,1,1,0,0");
 * ```
 */
export function oneHot(labels: Tensor, classes: number): Tensor {
  indices("oneHot", labels);
  checkShape("oneHot", [classes]);
  const shape = [...labels.shape, classes];
  const hit = equal(
    broadcastTo(reshape(labels, [...labels.shape, 1]), shape),
    iota(classes, labels.dtype),
  );
  return cast(hit, "f32");
}
