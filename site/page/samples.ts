/// <reference lib="dom" />
/**
 * Some of the images.
 *
 * @module
 */
import type { Images } from "../net/images.ts";

/** Standard deviations from the mean to black, and to white. */
const SPAN = 2.5;

/** Paints images one beside another, of their first channel. */
export function paintGray(
  canvas: HTMLCanvasElement,
  pixels: Float32Array,
  [height, width, channels]: Images["size"],
): void {
  const each = height * width, many = pixels.length / (each * channels);
  canvas.width = many * width;
  canvas.height = height;
  const context = canvas.getContext("2d")!, image = context.createImageData(width, height);
  for (let i = 0; i < many; i++) {
    for (let at = 0; at < each; at++) {
      const gray = 255 * (pixels[(i * each + at) * channels]! + SPAN) / (2 * SPAN);
      image.data.set([gray, gray, gray, 255], 4 * at);
    }
    context.putImageData(image, i * width, 0);
  }
}

/** Paints the first images. */
export function drawSamples(canvas: HTMLCanvasElement, { pixels, size, count }: Images): void {
  const many = Math.min(8, count), each = size[0] * size[1] * size[2];
  canvas.style.width = `${many * 32}px`;
  paintGray(canvas, pixels.subarray(0, many * each), size);
}
