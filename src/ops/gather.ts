/**
 * gather and scatterAdd, each other's adjoints, and what is made of them; oneHot.
 *
 * @module
 */
import { checkShape, normalizeAxes, type Shape, showShape, sizeOf } from "../shape.ts";
import { apply, type Attrs, type KernelOp, type Tensor } from "../tensor.ts";
import { type DType, showValue } from "../host_data.ts";
import { showSpec } from "../spec.ts";
import { add, cast, equal, iota, less, mul, where } from "./scalar.ts";
import { checkTensor } from "./check.ts";
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
  checkTensor(name, at);
  if (at.dtype === "f32") {
    throw new TypeError(`${name}: expected i32 or u32 indices, found ${showSpec(at)}`);
  }
  return reshape(at, [at.size]);
}

/** Options of {@linkcode gather}. */
export interface GatherOptions {
  /** The axis that is indexed, counted from the end if negative; 0, the first, if left out. */
  readonly axis?: number;
}

/**
 * Elements of a tensor by index along an axis: x [...before, n, ...after], indices of any shape → [...before,
 * ...indices, ...after]. As NumPy's and JAX's `take`. An index outside 0…n-1 gives NaN, so that the mistake
 * shows in the loss; for integer tensors it gives 0.
 *
 * @throws RangeError if there is no such axis, and TypeError unless indices are integers.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = tensor([[1, 2], [3, 4]]);
 * const rows = await run.read(ops.gather(x, tensor([1, 0, 9], [3], "i32")));
 * console.assert(rows.join() === "3,4,1,2,NaN,NaN");
 * const columns = await run.read(ops.gather(x, tensor([1, 1, 0], [3], "i32"), { axis: 1 }));
 * console.assert(columns.join() === "2,2,1,4,4,3");
 * ```
 */
export function gather(x: Tensor, at: Tensor, { axis = 0 }: GatherOptions = {}): Tensor {
  checkTensor("gather", x);
  checkTensor("gather", at);
  if (x.rank === 0) {
    throw new RangeError(`gather: expected at least one axis, found ${showSpec(x)}`);
  }
  const [along] = normalizeAxes("gather", axis, x.shape) as [number];
  const before = x.shape.slice(0, along), after = x.shape.slice(along + 1), n = x.shape[along]!;
  const outer = sizeOf(before), flat = indices("gather", at);
  const rows = gatherRows(
    reshape(x, [outer * n, sizeOf(after)]),
    flatIndices(broadcastTo(reshape(flat, [at.size, 1]), [outer, at.size, 1]), n),
  );
  return reshape(rows, [...before, ...at.shape, ...after]);
}

const gatherRows = (x: Tensor, at: Tensor): Tensor =>
  apply(gatherOp, [x, reshape(at, [at.size])], { poison: true });

/** Indices [outer, k, inner] along an axis of n as flat ones, of x [outer, n, inner]; -1 where outside. */
function flatIndices(at: Tensor, n: number): Tensor {
  const [outer, , inner] = at.shape as [number, number, number];
  if (outer === 1 && inner === 1) return at;
  const first = mul(iota(outer, "i32"), n);
  const row = add(reshape(first, [outer, 1, 1]), cast(at, "i32"));
  // As u32, a negative index is also larger than all others.
  return where(less(cast(at, "u32"), n), add(mul(row, inner), iota(inner, "i32")), -1);
}

/**
 * One element for each index along an axis: x [...before, n, ...after] and indices [...before, k, ...after] →
 * the indices' shape, y[i, j, l] = x[i, indices[i, j, l], l]. As NumPy's `take_along_axis` and PyTorch's
 * `gather`. An index outside 0…n-1 gives NaN, or 0 for integer tensors.
 *
 * @param axis The axis that is indexed, counted from the end if negative; the last if left out.
 * @throws RangeError unless the shapes differ along the axis alone, and TypeError unless indices are
 * integers.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = tensor([[1, 2, 3], [4, 5, 6]]), at = tensor([[2], [0]], [2, 1], "i32");
 * console.assert((await run.read(ops.takeAlong(x, at))).join() === "3,4");
 * ```
 */
export function takeAlong(x: Tensor, at: Tensor, axis = -1): Tensor {
  checkTensor("takeAlong", x);
  checkTensor("takeAlong", at);
  const fits = x.rank > 0 && at.rank === x.rank;
  const [along] = normalizeAxes("takeAlong", fits ? axis : [], x.shape) as [number];
  if (!fits || x.shape.some((d, i) => i !== along && d !== at.shape[i])) {
    throw new RangeError(
      `takeAlong: expected indices that differ from x along axis ${axis} alone, found ${
        showSpec(x)
      } and ${showSpec(at)}`,
    );
  }
  indices("takeAlong", at);
  const n = x.shape[along]!, k = at.shape[along]!;
  const outer = sizeOf(x.shape.slice(0, along)), inner = sizeOf(x.shape.slice(along + 1));
  const elements = flatIndices(reshape(at, [outer, k, inner]), n);
  return reshape(gatherRows(reshape(x, [x.size, 1]), elements), at.shape);
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
  checkTensor("scatterAdd", at);
  checkTensor("scatterAdd", rows);
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
  if (!Number.isInteger(classes) || classes < 1) {
    throw new RangeError(
      `oneHot: expected a number of classes of at least 1, found ${showValue(classes)}`,
    );
  }
  const shape = [...labels.shape, classes];
  const hit = equal(
    broadcastTo(reshape(labels, [...labels.shape, 1]), shape),
    iota(classes, labels.dtype),
  );
  return cast(hit, "f32");
}
