/**
 * Draws one shape, upright and bright on a dark ground, and nothing else.
 *
 * @module
 */
import type { KeyData } from "../../threefry.ts";
import { between, drawFrom } from "./draw.ts";
import type { Canvas } from "./scene.ts";
import type { Shape } from "./shapes.ts";

/** The use of an image's key. */
const SCENE = 0;

/** The softness of a shape's edge, in pixels. */
const SOFTNESS = 1;

/** Paints a plain image of a shape, of random size, place, proportions and brightness, and writes its bytes. */
export function paintPlainScene(
  { size, channels }: Canvas,
  shape: Shape,
  key: KeyData,
  out: Uint8Array,
): void {
  const draw = drawFrom(key, SCENE), scale = between(draw, 0.5, 0.75), reach = 0.9 - scale;
  const left = between(draw, -reach, reach), top = between(draw, -reach, reach);
  const stretch = between(draw, 0.85, 1.18), shear = between(draw, -0.2, 0.2), vary = draw();
  const ground = Array.from({ length: channels }, () => between(draw, 0, 0.2));
  const ink = Array.from({ length: channels }, () => between(draw, 0.6, 1));
  for (let at = 0; at < size * size; at++) {
    const row = Math.floor(at / size), column = at - row * size;
    const u = ((2 * column + 1) / size - 1 - left) / scale * stretch;
    // The shapes' second coordinate points upwards.
    const v = (1 - (2 * row + 1) / size - top) / scale / stretch;
    const inside = 0.5 - shape(u + shear * v, v, vary) * scale * size / (2 * SOFTNESS);
    const cover = Math.max(0, Math.min(1, inside));
    for (let c = 0; c < channels; c++) {
      const value = ground[c]! + cover * (ink[c]! - ground[c]!);
      out[at * channels + c] = Math.round(255 * value);
    }
  }
}
