/**
 * broadcastTo and sum, each other's adjoints.
 *
 * @module
 */
import {
  broadcastShapes,
  checkShape,
  isFlat,
  plainAxis,
  type Shape,
  showShape,
  sizeOf,
  stridesOf,
} from "../shape.ts";
import { apply, type KernelOp, type Tensor, type ViewOp } from "../tensor.ts";
import { asArg, asArgs, showSpec } from "../spec.ts";
import { checkTensor } from "./check.ts";
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
  vjp: (g, [x]) => [sumWithoutFactors(g, x.shape)],
};

/**
 * As {@linkcode sumTo}, where factors that are the same along the summed axes are applied to the sum:
 * Σ g · y / σ is (Σ g · y) / σ. Fewer ops an element, and no product has to be stored.
 */
function sumWithoutFactors(x: Tensor, shape: Shape): Tensor {
  const { rest, apply } = new FactorSplitter(shape).split(x, MOST_OPS);
  return apply(sumTo(rest, shape));
}

/**
 * The most ops above one another in which factors are sought: a cotangent of a residual net is a sum of
 * sums, as many as the net has layers above.
 */
const MOST_OPS = 16;

/** A tensor without the factors that are the same along summed axes, and what applies them to its sum. */
interface Split {
  readonly rest: Tensor;
  readonly apply: (sum: Tensor) => Tensor;
}

/** Splits tensors that are summed to a shape; each once. */
class FactorSplitter {
  readonly #shape: Shape;
  readonly #known = new Map<Tensor, Split>();

  constructor(shape: Shape) {
    this.#shape = shape;
  }

  /** Splits a tensor, looking at most so many ops deep. */
  split(x: Tensor, most: number): Split {
    if (most === 0) return { rest: x, apply: (sum) => sum };
    let known = this.#known.get(x);
    if (!known) this.#known.set(x, known = this.#make(x, most - 1));
    return known;
  }

  #make(x: Tensor, most: number): Split {
    const { op, args, attrs } = x, linear = op.kind === "map" ? op.linear ?? [] : [];
    for (const i of linear) {
      const factors = args.map((arg, k) => k === i ? arg : unbroadcast(arg, this.#shape));
      if (!factors.every((arg) => arg !== undefined)) continue;
      const inner = this.split(args[i]!, most);
      const put = (sum: Tensor) => factors.map((arg, k) => k === i ? inner.apply(sum) : arg);
      return { rest: inner.rest, apply: (sum) => apply(op, put(sum), attrs) };
    }
    if (op.kind === "map" && op.additive) {
      const terms = args.map((arg) => this.split(arg, most)), rest = terms[0]!.rest;
      if (rest !== args[0] && terms.every((term) => term.rest === rest)) {
        return { rest, apply: (sum) => apply(op, terms.map((term) => term.apply(sum)), attrs) };
      }
    }
    const parts = args.map((arg, k): Split | undefined =>
      linear.includes(k) ? this.split(arg, most) : undefined
    );
    if (parts.every((part, k) => !part || part.rest === args[k])) {
      return { rest: x, apply: (sum) => sum };
    }
    return {
      rest: apply(op, args.map((arg, k) => parts[k]?.rest ?? arg), attrs),
      apply: (sum) => parts.reduce((y, part) => part ? part.apply(y) : y, sum),
    };
  }
}

/** The tensor of a shape that one is broadcast from; undefined if there is none. */
function unbroadcast(x: Tensor, shape: Shape): Tensor | undefined {
  if (x.op.kind === "map" && x.op.value) return broadcastTo(withShape(x, []), shape);
  const broadcast = withoutReshapes(x), [source] = broadcast.args;
  if (broadcast.op !== broadcastToOp || !source) return undefined;
  const own = sourceShape(source.shape, broadcast.shape, x.shape);
  const missing = x.rank - shape.length;
  const isSame = own?.every((d, i) => d === 1 || shape[i - missing] === d);
  return isSame ? broadcastTo(reshape(source, own!.slice(missing)), shape) : undefined;
}

/** The tensor under views that keep all elements in order. */
function withoutReshapes(x: Tensor): Tensor {
  for (;;) {
    const [source] = x.args, { op } = x;
    if (op.kind !== "view" || !source) return x;
    if (!isFlat(op.view(asArg(source), x.attrs), source.size)) return x;
    x = source;
  }
}

/** The shape that broadcasts to a reshape `to` as `from` does to `shape`; undefined if axes were merged. */
function sourceShape(from: Shape, shape: Shape, to: Shape): number[] | undefined {
  const missing = shape.length - from.length, own: number[] = [];
  let axis = -1, left = 1;
  for (const d of to) {
    while (left === 1 && d > 1) left = shape[++axis]!;
    if (left % d !== 0) return undefined;
    left /= d;
    own.push(d > 1 && (from[axis - missing] ?? 1) > 1 ? d : 1);
  }
  return own;
}

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
  checkTensor("broadcastTo", x);
  checkShape("broadcastTo", shape);
  if (x.shape.join() === shape.join()) return x;
  if (x.op.kind === "map" && x.op.value) {
    return withShape(x, broadcastToOp.infer(asArgs([x]), { shape: [...shape] }).shape);
  }
  return apply(broadcastToOp, [x], { shape: [...shape] });
}

/** The same constant in another shape. */
const withShape = (x: Tensor, shape: Shape): Tensor =>
  apply(x.op, [], { ...x.attrs, shape: [...shape], dtype: x.dtype });

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
  checkTensor("sumTo", x);
  checkShape("sumTo", shape);
  const missing = x.rank - shape.length;
  const axes = x.shape.flatMap((d, i) => d !== (shape[i - missing] ?? 1) ? [i] : []);
  if (axes.some((a) => (shape[a - missing] ?? 1) !== 1)) {
    throw new RangeError(
      `sumTo: expected a shape that broadcasts to ${showSpec(x)}, found ${showShape(shape)}`,
    );
  }
  return reshape(axes.length ? apply(sumOp, [asMiddle(x, axes)]) : x, shape);
}
