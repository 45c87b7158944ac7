/**
 * The marks of the picture: a shape for each direction, filled or open.
 *
 * @module
 */
import { PAGE } from "../../tasks/plots/mod.ts";

/** A mark: its center and half its size in pixels, its shape, its color, and whether it is open. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly shape: number;
  readonly color: string;
  readonly open: boolean;
}

/** Corners of the shapes, around the center: square, triangles, diamond. */
const CORNERS: readonly (readonly (readonly [number, number])[])[] = [
  [[-1, -1], [1, -1], [1, 1], [-1, 1]],
  [[0, -1.2], [1.1, 0.9], [-1.1, 0.9]],
  [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]],
  [[0, 1.2], [1.1, -0.9], [-1.1, -0.9]],
];

/** A mark as SVG; shape 0 is a circle. */
export function mark({ x, y, size, shape, color, open }: Place): string {
  const look = `fill="${open ? PAGE.paper.light : color}" stroke="${color}" stroke-width="1.2"`;
  const at = (value: number) => value.toFixed(1);
  if (shape === 0) return `<circle cx="${at(x)}" cy="${at(y)}" r="${size}" ${look}/>`;
  const corners = CORNERS[(shape - 1) % CORNERS.length]!
    .map(([dx, dy]) => `${at(x + size * dx)} ${at(y + size * dy)}`);
  return `<path d="M${corners.join("L")}Z" ${look}/>`;
}
