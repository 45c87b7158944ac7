/**
 * Shapes, axes and broadcasting; strided views as data.
 *
 * @module
 */

/** Sizes of a tensor's axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/**
 * How one axis of a view reads its source: coordinate `c` is inside where `lo ≤ c < hi` and
 * `c - lo` is a multiple of `every`; it then adds `(c - lo) / every · stride` to the source's flat
 * index. Outside, the view reads zero.
 */
export interface ViewAxis {
  /** The distance of neighbors in the source, in elements; 0 repeats one element. */
  readonly stride: number;
  /** The first coordinate inside. */
  readonly lo: number;
  /** One past the last coordinate inside. */
  readonly hi: number;
  /** The distance from one coordinate inside to the next. */
  readonly every: number;
}

/** A view: how each axis reads the source, and the source's flat index at the origin. */
export interface View {
  /** The view's own shape. */
  readonly shape: Shape;
  /** How each axis reads the source. */
  readonly axes: readonly ViewAxis[];
  /** The source's flat index at the view's origin. */
  readonly offset: number;
}

/** The number of elements of a shape. */
export const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1);

/** Row-major strides of a shape, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  for (let d = shape.length - 1, s = 1; d >= 0; s *= shape[d--]!) strides[d] = s;
  return strides;
}

/** Whether two shapes are equal. */
export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i]);

/** A shape as text: `[2, 3]`. */
export const showShape = (shape: Shape): string => `[${shape.join(", ")}]`;

/** What should be a list of integers, or one, as text. */
export function showList(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(showList).join(", ")}]`;
  return typeof value === "string" || typeof value === "object" && value !== null
    ? JSON.stringify(value)
    : String(value);
}

/** Returns a shape; throws RangeError unless every size is an integer of at least 1. */
export function checkShape(where: string, shape: Shape): Shape {
  if (!Array.isArray(shape) || !shape.every((d) => Number.isInteger(d) && d >= 1)) {
    throw new RangeError(
      `${where}: expected a shape of integers of at least 1, found ${showList(shape)}${
        typeof shape === "number" ? `; write [${shape}]` : ""
      }`,
    );
  }
  return shape;
}

/** The shape that the given shapes broadcast to, by NumPy's rule. Throws RangeError if there is none. */
export function broadcastShapes(where: string, ...shapes: readonly Shape[]): Shape {
  const rank = Math.max(0, ...shapes.map((s) => s.length));
  const out = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    shape.forEach((d, i) => {
      const at = rank - shape.length + i;
      if (d !== 1 && out[at] !== 1 && out[at] !== d) {
        throw new RangeError(
          `${where}: expected shapes that broadcast together, found ${
            shapes.map(showShape).join(" and ")
          }`,
        );
      }
      if (d !== 1) out[at] = d;
    });
  }
  return out;
}

/** One axis or several; negative ones count from the end. */
export type Axes = number | readonly number[];

/**
 * Axes as sorted integers from 0, all if left out. Throws RangeError if one is out of range or given twice.
 *
 * @param rank The number of axes, if not the shape's.
 */
export function normalizeAxes(
  where: string,
  axes: Axes | undefined,
  shape: Shape,
  rank = shape.length,
): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i);
  const list = [axes].flat().map((a) => {
    if (!Number.isInteger(a) || a < -rank || a >= rank) {
      throw new RangeError(
        `${where}: expected axes from ${-rank} to ${rank - 1} for shape ${
          showShape(shape)
        }, found ${showList(a)}`,
      );
    }
    return a < 0 ? a + rank : a;
  });
  if (new Set(list).size !== list.length) {
    throw new RangeError(
      `${where}: expected each axis of shape ${showShape(shape)} once, found ${showShape(list)}`,
    );
  }
  return list.sort((a, b) => a - b);
}

/** An unbounded view axis: `size` elements, `stride` apart. */
export const plainAxis = (size: number, stride: number): ViewAxis => ({
  stride,
  lo: 0,
  hi: size,
  every: 1,
});

/** Whether a view of `source` elements reads all of them in order, so that it needs no copy. */
export function isFlat(view: View, source: number): boolean {
  if (view.offset !== 0 || sizeOf(view.shape) !== source) return false;
  const strides = stridesOf(view.shape);
  return view.axes.every((a, d) =>
    view.shape[d] === 1 ||
    (a.stride === strides[d] && a.lo === 0 && a.hi === view.shape[d] && a.every === 1)
  );
}
