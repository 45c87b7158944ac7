/**
 * broadcastTo and sum, each other's adjoints.
 *
 * @module
 */
import {
  broadcastShapes,
  checkShape,
  plainAxis,
  type Shape,
  showShape,
  sizeOf,
  stridesOf,
} from "../shape.ts";
import { apply, type KernelOp, type Tensor, type ViewOp } from "../tensor.ts";
import { asArgs, showSpec } from "../spec.ts";
import { reshape, transpose } from "./view.ts";
import type { Tuple } from "../tuple.ts";

/** Repeats a tensor along axes of size 1 and along new leading axes. */
export const broadcastToOp: ViewOp = {
  kind: "view",
  name: "broadcastTo",
  infer: ([x], attrs) => {
    const to = checkShape("broadcastTo", attrs.shape as Shape);
    if (broadcastShapes("broadcastTo", x.shape, to).join() !== to.join()) {
      throw new RangeError(
        `broadcastTo: expected a shape that ${showShape(x.shape)} broadcasts to, found ${
          showShape(to)
        }`,
      );
    }
    return { shape: to, dtype: x.dtype };
  },
  view: (x, attrs) => {
    const to = attrs.shape as Shape, strides = stridesOf(x.shape);
    const missing = to.length - x.shape.length;
    return {
      shape: to,
      axes: to.map((d, i) =>
        plainAxis(d, (x.shape[i - missing] ?? 1) === 1 ? 0 : strides[i - missing]!)
      ),
      offset: 0,
    };
  },
  vjp: (g, [x]) => [sumTo(g, x.shape)],
};

/** Sums the middle axis of [outer, n, inner]. */
export const sumOp: KernelOp = {
  kind: "kernel",
  name: "sum",
  infer: ([x]) => reductionSpec("sum", x.shape, x.dtype),
  reference: ([x], [{ shape: [outer, n, inner], dtype }]) => {
    const y = new Float64Array(outer * inner);
    for (let o = 0; o < outer; o++) {
      for (let k = 0; k < n; k++) {
        for (let i = 0; i < inner; i++) y[o * inner + i]! += x[(o * n + k) * inner + i]!;
      }
    }
    return dtype === "f32" ? y : y.map((v) => dtype === "i32" ? v | 0 : v >>> 0);
  },
  flops: ([x]) => sizeOf(x.shape),
  vjp: (g, [x]) => {
    const [outer, n, inner] = x.shape as Tuple<number, 3>;
    return [broadcastTo(reshape(g, [outer, 1, inner]), [outer, n, inner])];
  },
};

/** The spec of a reduction over the middle axis of [outer, n, inner]. */
export function reductionSpec(name: string, shape: Shape, dtype: Tensor["dtype"]) {
  if (shape.length !== 3) {
    throw new RangeError(`${name}: expected [outer, n, inner], found ${showShape(shape)}`);
  }
  return { shape: [shape[0]!, shape[2]!], dtype };
}

/**
 * A tensor as [outer, n, inner], where n runs over the given axes: a reshape if they are adjacent,
 * otherwise a transpose first (a view that kernels read in place, so that nothing is copied).
 */
export function asMiddle(x: Tensor, axes: readonly number[]): Tensor {
  const n = axes.reduce((size, a) => size * x.shape[a]!, 1);
  const together = axes.every((a, i) => i === 0 || a === axes[i - 1]! + 1);
  if (together) {
    const outer = sizeOf(x.shape.slice(0, axes[0] ?? 0));
    return reshape(x, [outer, n, x.size / (outer * n)]);
  }
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  return reshape(transpose(x, [...kept, ...axes]), [x.size / n, n, 1]);
}

/**
 * A tensor broadcast to a larger shape by NumPy's rule. Throws RangeError if the shapes do not agree.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.broadcastTo(tensor([1, 2]), [2, 2]));
 * console.assert(y.join() === "1,2,1,2");
 * ```
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  if (x.shape.join() === shape.join()) return x;
  if (x.op.kind === "map" && x.op.value) {
    return apply(x.op, [], {
      ...x.attrs,
      ...broadcastToOp.infer(asArgs([x]), { shape: [...shape] }),
    });
  }
  return apply(broadcastToOp, [x], { shape: [...shape] });
}

/**
 * The sum over the axes that broadcasting from `shape` added or stretched; back to `shape`.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.sumTo(tensor([[1, 2], [3, 4]]), [2]));
 * console.assert(y.join() === "4,6");
 * ```
 */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  const missing = x.rank - shape.length;
  const axes = x.shape.flatMap((d, i) => d !== (shape[i - missing] ?? 1) ? [i] : []);
  if (axes.some((a) => (shape[a - missing] ?? 1) !== 1)) {
    throw new RangeError(
      `sumTo: expected a shape that broadcasts to ${showSpec(x)}, found ${showShape(shape)}`,
    );
  }
  return reshape(axes.length ? apply(sumOp, [asMiddle(x, axes)]) : x, shape);
}
