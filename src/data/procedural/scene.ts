/**
 * An image of one shape: its position, rotation, stretch and shear, its colors and background, the small
 * distractors around it, and the light.
 *
 * @module
 */
import { type KeyData, threefry } from "../../threefry.ts";
import { between, choose, direction, type Draw, drawFrom } from "./draw.ts";
import type { Shape } from "./shapes.ts";
import { type Texture, texture } from "./textures.ts";

/** How a scene becomes pixels. */
export interface Canvas {
  /** Pixels a row and rows. */
  readonly size: number;
  /** 1 for gray, 3 for red, green, blue. */
  readonly channels: number;
}

/** An area's pattern and the two colors in it. */
interface Paint {
  readonly texture: Texture;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** The position and extent of a thing in the image, whose rows and columns run from -1 to 1. */
interface Place {
  /** How far (x, y) is outside of it; negative inside. */
  readonly edge: (x: number, y: number) => number;
  /** Its middle. */
  readonly left: number;
  readonly top: number;
  /** It is within so much of its middle, in x and in y. */
  readonly extent: number;
}

const EVERYWHERE: Place = { edge: () => -1, left: 0, top: 0, extent: 1 };

/** No shape of scale 1, stretched and sheared, reaches further from its middle. */
const LARGEST = 1.7;

/** The least difference of the ground's and the shape's color, in each channel on average. */
const CONTRAST = 0.4;

/** Uses of an image's key: what is in the scene, and the noise on its pixels. */
const SCENE = 0, NOISE = 1;

const color = (draw: Draw, channels: number) => Array.from({ length: channels }, draw);

const difference = (a: readonly number[], b: readonly number[]): number =>
  Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0) / a.length);

/** A paint of about one color. */
const mixPaint = (draw: Draw, from: readonly number[]): Paint => ({
  texture: texture(draw),
  from,
  to: from.map((x) => Math.max(0, Math.min(1, x + between(draw, -0.2, 0.2)))),
});

/** The colors of ground and shape, drawn alike and again until they differ. */
function twoColors(draw: Draw, channels: number): readonly [number[], number[]] {
  for (;;) {
    const ground = color(draw, channels), shape = color(draw, channels);
    if (difference(ground, shape) >= CONTRAST) return [ground, shape];
  }
}

/** A shape of a size somewhere in the image, rotated, stretched and sheared. */
function placed(draw: Draw, shape: Shape, scale: number, reach: number): Place {
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

/** Lays paint over the pixels of a place. */
function lay(
  pixels: Float64Array,
  { size, channels }: Canvas,
  { texture, from, to }: Paint,
  { edge, left, top, extent }: Place,
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

/** Pixels from 0 to 1 as bytes, with light from one side and noise. */
function expose(
  pixels: Float64Array,
  { size, channels }: Canvas,
  draw: Draw,
  key: KeyData,
  out: Uint8Array,
): void {
  const [dx, dy] = direction(draw), slope = between(draw, 0, 0.25), grain = between(draw, 4, 30);
  let words: KeyData = [0, 0];
  for (let at = 0; at < pixels.length; at++) {
    // Two bytes a value, four values a block; the sum of two is dense in the middle.
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

/** Paints the image of a shape that a key decides, and writes its bytes. */
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
  const cover = (paint: Paint, place: Place) => lay(pixels, canvas, paint, place, softness);
  const distractors = (most: number, largest: number) => {
    for (let left = Math.floor(draw() * (most + 1)); left > 0; left--) {
      const other = choose(draw, others);
      const place = placed(draw, other, between(draw, 0.08, largest), 1);
      cover(mixPaint(draw, color(draw, channels)), place);
    }
  };
  cover(mixPaint(draw, ground), EVERYWHERE);
  distractors(5, 0.16);
  const scale = between(draw, 0.45, 0.8);
  cover(mixPaint(draw, own), placed(draw, shape, scale, 1 - scale));
  distractors(2, 0.12);
  expose(pixels, canvas, draw, key, out);
}
