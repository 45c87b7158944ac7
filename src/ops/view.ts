/**
 * Views that read every element exactly once: alias, stopGradient, reshape, transpose.
 *
 * @module
 */
import { checkIntegers, checkTensor } from "./check.ts";
import {
  checkShape,
  plainAxis,
  type Shape,
  showList,
  showShape,
  sizeOf,
  stridesOf,
  type View,
} from "../shape.ts";
import { apply, type Tensor, type ViewOp } from "../tensor.ts";

const flatView = (shape: Shape): View => {
  const strides = stridesOf(shape);
  return { shape, axes: shape.map((d, i) => plainAxis(d, strides[i]!)), offset: 0 };
};

/** The identity, as a new tensor, so that `grad` can distinguish two uses of one value. */
export const aliasOp: ViewOp = {
  kind: "view",
  name: "alias",
  infer: ([x]) => x,
  view: (x) => flatView(x.shape),
  vjp: (g) => [g],
};

/** The identity with a zero derivative. */
export const stopGradientOp: ViewOp = {
  kind: "view",
  name: "stopGradient",
  infer: ([x]) => x,
  view: (x) => flatView(x.shape),
};

/** The same elements in the same order, in another shape. */
export const reshapeOp: ViewOp = {
  kind: "view",
  name: "reshape",
  infer: ([x], { shape }) => {
    const to = checkShape("reshape", shape as Shape);
    if (sizeOf(to) !== sizeOf(x.shape)) {
      throw new RangeError(
        `reshape: expected a shape of ${sizeOf(x.shape)} elements for ${
          showShape(x.shape)
        }, found ${showShape(to)}`,
      );
    }
    return { shape: to, dtype: x.dtype };
  },
  view: (_, { shape }) => flatView(shape as Shape),
  vjp: (g, [x]) => [reshape(g, x.shape)],
};

/** The axes permuted. */
export const transposeOp: ViewOp = {
  kind: "view",
  name: "transpose",
  infer: ([x], attrs) => {
    const order = attrs.order as Shape;
    if ([...order].sort((a, b) => a - b).join() !== x.shape.map((_, i) => i).join()) {
      throw new RangeError(
        `transpose: expected an order of the ${x.shape.length} axes of ${
          showShape(x.shape)
        }, found ${showShape(order)}`,
      );
    }
    return { shape: order.map((a) => x.shape[a]!), dtype: x.dtype };
  },
  view: (x, attrs) => {
    const order = attrs.order as Shape, strides = stridesOf(x.shape);
    return {
      shape: order.map((a) => x.shape[a]!),
      axes: order.map((a) => plainAxis(x.shape[a]!, strides[a]!)),
      offset: 0,
    };
  },
  vjp: (g, _xs, _y, attrs) => {
    const order = attrs.order as Shape;
    return [transpose(g, order.map((_, i) => order.indexOf(i)))];
  },
};

/**
 * The same value as a new tensor.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.alias(tensor([1, 2])));
 * console.assert(y.join() === "1,2");
 * ```
 */
export function alias(x: Tensor): Tensor {
  checkTensor("alias", x);
  return apply(aliasOp, [x]);
}

/**
 * The same value, through which no gradient flows.
 *
 * @example
 * ```ts
 * import { grad, open, ops, type Tensor, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const gradient = grad((x: Tensor) => ops.mul(x, ops.stopGradient(x)));
 * console.assert((await run.read(gradient(tensor(3))))[0] === 3);
 * ```
 */
export function stopGradient(x: Tensor): Tensor {
  checkTensor("stopGradient", x);
  return apply(stopGradientOp, [x]);
}

/**
 * The same elements in another shape.
 *
 * @param shape At most one size may be -1; it is inferred from the others.
 * @throws RangeError if the sizes do not multiply to the number of elements.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.reshape(tensor([[1, 2], [3, 4]]), [-1]));
 * console.assert(y.join() === "1,2,3,4");
 * ```
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkTensor("reshape", x);
  const to = inferSize(x, shape);
  if (to.join() === x.shape.join()) return x;
  return apply(reshapeOp, [x], { shape: [...to] });
}

/** A shape whose size of -1, if there is one, is what the others leave of a tensor's elements. */
function inferSize(x: Tensor, shape: Shape): Shape {
  const wanted = Array.isArray(shape) ? shape.filter((d) => d === -1).length : 0;
  if (wanted === 0) return checkShape("reshape", shape);
  const found = showList(shape);
  if (wanted > 1) throw new RangeError(`reshape: expected at most one size of -1, found ${found}`);
  const others = shape.filter((d) => d !== -1), known = sizeOf(others);
  if (!others.every((d) => Number.isInteger(d) && d >= 1)) return checkShape("reshape", shape);
  if (x.size % known === 0) return shape.map((d) => d === -1 ? x.size / known : d);
  throw new RangeError(
    `reshape: expected sizes that divide the ${x.size} elements of ${
      showShape(x.shape)
    }, found ${known} in ${found}`,
  );
}

/**
 * The axes in the given order, reversed if left out. Negative axes count from the end.
 *
 * @throws RangeError unless `order` holds each axis once.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.transpose(tensor([[1, 2], [3, 4]])));
 * console.assert(y.join() === "1,3,2,4");
 * ```
 */
export function transpose(x: Tensor, order?: Shape): Tensor {
  checkTensor("transpose", x);
  if (order !== undefined) checkIntegers("transpose", "order", order);
  const to = order?.map((a) => a < 0 ? a + x.rank : a) ?? x.shape.map((_, i) => x.rank - 1 - i);
  if (to.length === x.rank && to.every((a, i) => a === i)) return x;
  return apply(transposeOp, [x], { order: [...to] });
}
