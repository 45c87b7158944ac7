/**
 * Ten shapes as signed distances: negative inside, positive outside, zero on the edge. Each fills about the
 * same area around the origin, so that no class is brighter than another. They use only arithmetic and
 * square roots, which give the same bits on every machine.
 *
 * @module
 */

/**
 * The signed distance of the point (x, y) to a shape's edge; `vary`, from 0 to 1, selects a variant of the
 * shape.
 */
export type Shape = (x: number, y: number, vary: number) => number;

const { abs, max, min, sqrt } = Math;

const length = (x: number, y: number): number => sqrt(x * x + y * y);

const box = (x: number, y: number, halfWidth: number, halfHeight: number): number =>
  max(abs(x) - halfWidth, abs(y) - halfHeight);

/** The normals of a triangle's left and right sides, 30° above the horizontal. */
const SIDE = [0.8660254037844386, 0.5] as const;

/** The unit vectors at 36° below the horizontal, along which a star of five points is folded. */
const FOLD = [0.8090169943749475, 0.5877852522924731] as const;

/** A star of five points: reflected until one point is left, then the distance to that one's side. */
function star(x: number, y: number, outer: number, inner: number): number {
  let u = abs(x), v = y;
  const first = 2 * max(FOLD[0] * u - FOLD[1] * v, 0);
  u -= first * FOLD[0];
  v += first * FOLD[1];
  const second = 2 * max(-FOLD[0] * u - FOLD[1] * v, 0);
  u = abs(u + second * FOLD[0]);
  v += second * FOLD[1] - outer;
  // The side runs from the tip towards the inner corner, which lies at 36° on the radius `inner`.
  const sideX = inner * FOLD[1], sideY = inner * FOLD[0] - outer;
  return (v * sideX - u * sideY) / length(sideX, sideY);
}

/** A heart, upright: two discs, and the wedge whose sides touch them. */
const heart = (x: number, y: number): number =>
  min(
    length(abs(x) - 0.39, y - 0.25) - 0.43,
    max(0.783 * abs(x) - 0.62 * y - 0.58, y - 0.25),
  );

/** The shapes by name; a class's label is its index in this table. */
export const SHAPES = {
  disc: (x, y) => length(x, y) - 0.73,
  ring: (x, y, vary) => abs(length(x, y) - 0.74) - (0.16 + 0.04 * vary),
  crescent: (x, y, vary) =>
    max(length(x - 0.15, y) - 0.98, (0.74 + 0.05 * vary) - length(x - 0.69, y)),
  triangle: (x, y) => max(SIDE[0] * abs(x) + SIDE[1] * y, -y) - 0.57,
  square: (x, y) => box(x, y, 0.64, 0.64),
  star: (x, y, vary) => star(x, y, 1.18 - 0.08 * vary, 0.46 + 0.07 * vary),
  cross: (x, y, vary) => {
    const half = 0.22 + 0.06 * vary;
    return min(box(x, y, 1, half), box(x, y, half, 1));
  },
  heart,
  bar: (x, y, vary) => box(x, y, 1.05 + 0.15 * vary, 0.39 - 0.05 * vary),
  corner: (x, y, vary) => {
    const half = 0.27 + 0.05 * vary;
    return min(
      box(x + 0.35, y - 0.15, half, 0.9),
      box(x - 0.15, y + 0.75 - half, 0.5 + half, half),
    );
  },
} as const satisfies Record<string, Shape>;
