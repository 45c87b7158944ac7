/**
 * How well two colors can be told apart.
 *
 * @module
 */
import type { Tuple } from "../../../src/tuple.ts";

/** Red, green and blue from 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Relative luminance by WCAG 2. */
function luminance(color: Rgb): number {
  const [r, g, b] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Tuple<number, 3>;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast ratio by WCAG 2, from 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as Tuple<number, 2>;
  return (high + 0.05) / (low + 0.05);
}
