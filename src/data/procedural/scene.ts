/**
 * Draws the image of one shape, with random position, rotation, stretch, shear and colors, among
 * distractors, under uneven light.
 *
 * @module
 */
import { type KeyData, threefry } from "../../threefry.ts";
import { between, choose, direction, type Draw, drawFrom } from "./draw.ts";
import type { Shape } from "./shapes.ts";
import { type Texture, texture } from "./textures.ts";

/** The size of the image. */
export interface Canvas {
  /** Rows and columns. */
  readonly size: number;
  /** 1 for gray, 3 for red, green, blue. */
  readonly channels: number;
}

/** The texture of an area, and the two colors that it blends. */
interface Paint {
  readonly texture: Texture;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** A shape placed in the image, whose coordinates run from -1 to 1. */
interface Placement {
  /** The signed distance of (x, y) to its edge; negative inside. */
  readonly edge: (x: number, y: number) => number;
  /** Its center. */
  readonly left: number;
  readonly top: number;
  /** It lies within this distance of its center, in x and in y. */
  readonly extent: number;
}

const EVERYWHERE: Placement = { edge: () => -1, left: 0, top: 0, extent: 1 };

/** The largest extent of a shape of scale 1, stretched and sheared. */
const LARGEST = 1.7;

/** The least root mean square difference of the background's and the shape's color. */
const CONTRAST = 0.4;

/** Uses of an image's key: what is in the scene, and the noise on its pixels. */
const SCENE = 0, NOISE = 1;

const color = (draw: Draw, channels: number) => Array.from({ length: channels }, draw);

const difference = (a: readonly number[], b: readonly number[]): number =>
  Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0) / a.length);

/** A texture of about one color. */
const mixPaint = (draw: Draw, from: readonly number[]): Paint => ({
  texture: texture(draw),
  from,
  to: from.map((x) => Math.max(0, Math.min(1, x + between(draw, -0.2, 0.2)))),
});

/** The colors of background and shape, redrawn until they differ enough. */
function twoColors(draw: Draw, channels: number): readonly [number[], number[]] {
  for (;;) {
    const ground = color(draw, channels), shape = color(draw, channels);
    if (difference(ground, shape) >= CONTRAST) return [ground, shape];
  }
}

/** Placements a shape at random, rotated, stretched and sheared. */
function placeShape(draw: Draw, shape: Shape, scale: number, reach: number): Placement {
  const [cosine, sine] = direction(draw), stretch = between(draw, 0.85, 1.18);
  const shear = between(draw, -0.2, 0.2), vary = draw();
  const left = between(draw, -reach, reach), top = between(draw, -reach, reach);
  const edge = (x: number, y: number) => {
    const u = (x - left) / scale, v = (y - top) / scale;
    const along = (cosine * u + sine * v) * stretch, across = (cosine * v - sine * u) / stretch;
    return shape(along + shear * across, across, vary) * scale;
  };
  return { edge, left, top, extent: LARGEST * scale };
}

/** Paints a placed shape onto the pixels. */
function paintPlacement(
  pixels: Float64Array,
  { size, channels }: Canvas,
  { texture, from, to }: Paint,
  { edge, left, top, extent }: Placement,
  softness: number,
): void {
  const first = (middle: number) => Math.max(0, Math.floor((middle - extent + 1) / 2 * size));
  const end = (middle: number) => Math.min(size, Math.ceil((middle + extent + 1) / 2 * size));
  const firstColumn = first(left), endColumn = end(left);
  for (let row = first(top), endRow = end(top); row < endRow; row++) {
    const y = (2 * row + 1) / size - 1;
    for (let column = firstColumn; column < endColumn; column++) {
      const x = (2 * column + 1) / size - 1;
      const cover = Math.min(1, 0.5 - edge(x, y) * size / (2 * softness));
      if (cover <= 0) continue;
      const share = texture(x, y), at = (row * size + column) * channels;
      for (let c = 0; c < channels; c++) {
        const here = from[c]! + share * (to[c]! - from[c]!);
        pixels[at + c]! += cover * (here - pixels[at + c]!);
      }
    }
  }
}

/** Converts pixels from 0 to 1 to bytes, with light from one side and noise. */
function toBytes(
  pixels: Float64Array,
  { size, channels }: Canvas,
  draw: Draw,
  key: KeyData,
  out: Uint8Array,
): void {
  const [dx, dy] = direction(draw), slope = between(draw, 0, 0.25), grain = between(draw, 4, 30);
  let words: KeyData = [0, 0];
  for (let at = 0; at < pixels.length; at++) {
    // Two random bytes per value, four values per block; the sum of two is triangularly distributed.
    const quarter = at & 3;
    if (quarter === 0) words = threefry(key, at >> 2, NOISE);
    const bits = words[quarter >> 1]! >>> (16 * (quarter & 1));
    const noise = ((bits & 255) + (bits >>> 8 & 255)) / 255 - 1;
    const pixel = Math.floor(at / channels), row = Math.floor(pixel / size);
    const x = (2 * (pixel - row * size) + 1) / size - 1, y = (2 * row + 1) / size - 1;
    const value = 255 * pixels[at]! * (1 + slope * (dx * x + dy * y)) + grain * noise;
    out[at] = Math.max(0, Math.min(255, Math.round(value)));
  }
}

/** Paints a random image of a shape, drawn from a key, and writes its bytes. */
export function paintScene(
  canvas: Canvas,
  shape: Shape,
  others: readonly Shape[],
  key: KeyData,
  out: Uint8Array,
): void {
  const { size, channels } = canvas, draw = drawFrom(key, SCENE);
  const pixels = new Float64Array(size * size * channels);
  const [ground, own] = twoColors(draw, channels);
  const softness = between(draw, 1, 2);
  const cover = (paint: Paint, place: Placement) =>
    paintPlacement(pixels, canvas, paint, place, softness);
  const distractors = (most: number, largest: number) => {
    for (let left = Math.floor(draw() * (most + 1)); left > 0; left--) {
      const other = choose(draw, others);
      const place = placeShape(draw, other, between(draw, 0.08, largest), 1);
      cover(mixPaint(draw, color(draw, channels)), place);
    }
  };
  cover(mixPaint(draw, ground), EVERYWHERE);
  distractors(5, 0.16);
  const scale = between(draw, 0.45, 0.8);
  cover(mixPaint(draw, own), placeShape(draw, shape, scale, 1 - scale));
  distractors(2, 0.12);
  toBytes(pixels, canvas, draw, key, out);
}
