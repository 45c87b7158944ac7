/**
 * Merging of the axes of views into as few as possible.
 *
 * @module
 */
import type { Shape, View, ViewAxis } from "../shape.ts";

/** An axis of a view, with its size. */
export interface Axis extends ViewAxis {
  /** The number of coordinates. */
  readonly size: number;
}

/** Whether some coordinates of an axis read zero. */
export const isBounded = (a: Axis): boolean => a.lo > 0 || a.hi < a.size || a.every > 1;

/** Whether a view has zeros among its elements. */
export const isPadded = ({ shape, axes }: View): boolean =>
  axes.some((axis, d) => isBounded({ ...axis, size: shape[d]! }));

/** The axes of a view, with those merged that step through the source contiguously. */
export function mergeAxes({ shape, axes }: View): Axis[] {
  const out: Axis[] = [];
  for (let d = 0; d < shape.length; d++) {
    const axis = { ...axes[d]!, size: shape[d]! };
    if (axis.size === 1 && !isBounded(axis)) continue;
    const outer = out.at(-1);
    if (
      outer && outer.every === 1 && !isBounded(axis) &&
      (outer.stride === axis.stride * axis.size)
    ) {
      out[out.length - 1] = {
        size: outer.size * axis.size,
        stride: axis.stride,
        lo: outer.lo * axis.size,
        hi: outer.hi * axis.size,
        every: 1,
      };
    } else out.push(axis);
  }
  return out;
}

/**
 * The strides with which a view reads its source along the axes of a shape of the same size; undefined if
 * it has zeros, or if its own axes cannot be cut into those.
 */
export function stridesAlong(view: View, shape: Shape): readonly number[] | undefined {
  if (isPadded(view)) return undefined;
  const own = mergeAxes(view), strides: number[] = [];
  let { size, stride } = own.pop() ?? { size: 1, stride: 0 };
  for (const wanted of shape.toReversed()) {
    if (size === 1 && wanted > 1) ({ size, stride } = own.pop()!);
    if (size % wanted) return undefined;
    strides.unshift(wanted === 1 ? 0 : stride);
    size /= wanted;
    stride *= wanted;
  }
  return strides;
}
