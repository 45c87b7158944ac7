/// <reference lib="dom" />
/**
 * The strip below the picture: outputs of every layer to one image, in color.
 *
 * @module
 */
import type { Maps } from "../net/walk.ts";
import type { Images } from "../net/images.ts";
import { paintGray } from "./samples.ts";
import { BOX } from "./scale.ts";

type Color = readonly [red: number, green: number, blue: number];

/** Outputs of this size, in standard deviations of a layer scaled by LSUV, have the full color. */
const FULL = 2.5;
/** The gap between maps, and the largest map, in pixels. */
const GAP = 2, LARGEST = 56;

/** A color of the style sheet, `#rrggbb`. */
function colorOf(name: string): Color {
  const text = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16)) as unknown as Color;
}

const blend = (from: Color, to: Color, share: number): Color =>
  from.map((each, i) => Math.round(each + (to[i]! - each) * share)) as unknown as Color;

/** A bitmap of a map: zero is the color of the page. */
function paint(
  values: Float32Array,
  [height, width]: readonly [number, number],
  [low, zero, high]: readonly [Color, Color, Color],
): HTMLCanvasElement {
  const bitmap = document.createElement("canvas");
  bitmap.width = width;
  bitmap.height = height;
  const context = bitmap.getContext("2d")!, image = context.createImageData(width, height);
  values.forEach((value, i) => {
    const share = Number.isNaN(value) ? 1 : Math.min(Math.abs(value) / FULL, 1);
    image.data.set([...blend(zero, value < 0 ? low : high, share), 255], 4 * i);
  });
  context.putImageData(image, 0, 0);
  return bitmap;
}

/** Draws the image that the net sees in the margin. */
function drawInput(context: CanvasRenderingContext2D, sees: Images, height: number): void {
  const [rows, columns, channels] = sees.size, bitmap = document.createElement("canvas");
  const side = BOX.left - 12;
  paintGray(bitmap, sees.pixels.subarray(0, rows * columns * channels), sees.size);
  context.drawImage(bitmap, 0, (height - side) / 2, side, side);
}

/** Draws the maps of every layer below its place in the picture, and the image that the net sees. */
export function drawMaps(
  canvas: HTMLCanvasElement,
  all: readonly Maps[],
  sees: Images | undefined,
): void {
  const width = canvas.clientWidth, step = (width - BOX.left - BOX.right) / all.length;
  if (width === 0) return;
  const side = Math.min(LARGEST, step - Math.min(GAP, step / 6)),
    rows = Math.max(
      ...all.map(({ size: [h, w], values }) => values.length / (h * w)),
    );
  const height = rows * (side + GAP), ratio = devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d")!;
  context.scale(ratio, ratio);
  context.imageSmoothingEnabled = false;
  if (sees) drawInput(context, sees, height);
  const colors = [colorOf("--c1"), colorOf("--paper"), colorOf("--c0")] as const;
  context.strokeStyle = getComputedStyle(canvas).getPropertyValue("--rule");
  for (const [layer, { size, values }] of all.entries()) {
    const [h, w] = size, count = values.length / (h * w);
    const left = BOX.left + (layer + 0.5) * step - side / 2,
      tall = count === 1 ? height - GAP : side;
    for (let channel = 0; channel < count; channel++) {
      const map = paint(values.subarray(channel * h * w, (channel + 1) * h * w), size, colors);
      const top = channel * (side + GAP);
      context.drawImage(map, left, top, side, tall);
      context.strokeRect(left + 0.5, top + 0.5, side - 1, tall - 1);
    }
  }
}
