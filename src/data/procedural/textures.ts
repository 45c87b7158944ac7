/**
 * Textures: patterns that blend two colors over an area.
 *
 * @module
 */

import { between, choose, direction, type Draw } from "./draw.ts";

/** The share of the second color at (x, y), from 0 to 1. */
export type Texture = (x: number, y: number) => number;

const { abs, floor, max, min } = Math;

/** 0 at integers, 1 half-way between. */
const triangleWave = (t: number): number => 2 * abs(t - floor(t + 0.5));

const smooth = (t: number): number => t * t * (3 - 2 * t);

const plain = (): Texture => () => 0;

function stripes(draw: Draw): Texture {
  const [dx, dy] = direction(draw), perUnit = between(draw, 1, 3.5), start = draw();
  return (x, y) => smooth(triangleWave((dx * x + dy * y) * perUnit + start));
}

function checks(draw: Draw): Texture {
  const [dx, dy] = direction(draw), perUnit = between(draw, 0.8, 2), startX = draw();
  const startY = draw();
  return (x, y) => {
    const a = triangleWave((dx * x + dy * y) * perUnit + startX);
    const b = triangleWave((dx * y - dy * x) * perUnit + startY);
    return smooth(min(1, abs(a - b) * 1.5));
  };
}

function gradient(draw: Draw): Texture {
  const [dx, dy] = direction(draw);
  return (x, y) => smooth((max(-1, min(1, dx * x + dy * y)) + 1) / 2);
}

const CELLS = 5;

/** Value noise: random values on a grid over the image, smoothly interpolated. */
function clouds(draw: Draw): Texture {
  const heights = Float64Array.from({ length: (CELLS + 1) ** 2 }, draw);
  const place = (t: number) => max(0, min(CELLS - 1e-9, (t + 1) / 2 * CELLS));
  return (x, y) => {
    const column = place(x), row = place(y), at = floor(row) * (CELLS + 1) + floor(column);
    const right = smooth(column - floor(column)), down = smooth(row - floor(row));
    const above = heights[at]! + right * (heights[at + 1]! - heights[at]!);
    const under = at + CELLS + 1;
    const below = heights[under]! + right * (heights[under + 1]! - heights[under]!);
    return above + down * (below - above);
  };
}

const KINDS: readonly ((draw: Draw) => Texture)[] = [plain, stripes, checks, gradient, clouds];

/** A texture of a random kind. */
export const texture = (draw: Draw): Texture => choose(draw, KINDS)(draw);
