/**
 * The samples of a component of a JPEG, decoded from its blocks.
 *
 * @module
 */
import { inverseDct } from "./idct.ts";
import type { Component, Frame } from "./segments.ts";

/** A component's blocks and samples. */
export interface Plane {
  /** Blocks of a minimum coded unit (MCU), across and down. */
  readonly h: number;
  readonly v: number;
  /** Blocks that hold a part of the picture. */
  readonly blocksAcross: number;
  readonly blocksDown: number;
  /** Samples that belong to the picture. */
  readonly width: number;
  readonly height: number;
  /** Samples from one row to the next. */
  readonly stride: number;
  /** [rows, stride]. */
  readonly samples: Uint8ClampedArray;
  /** Coefficients: of one block, or of all blocks where they come in several scans. */
  readonly block: Int16Array;
  /** The offset of the coefficients of a block. */
  begin(x: number, y: number): number;
  /** Called when the coefficients of a block are complete. */
  end(x: number, y: number): void;
  /** Computes the samples where they are not computed block by block. */
  finish(): void;
}

/** Blocks of a component in all MCUs, across and down. */
function countBlocks({ h, v }: Component, { width, height, maxH, maxV }: Frame): [number, number] {
  return [Math.ceil(width / (8 * maxH)) * h, Math.ceil(height / (8 * maxV)) * v];
}

/** Bytes that the planes of a frame take. */
export const planeBytes = (frame: Frame): number =>
  frame.components.reduce((sum, component) => {
    const [across, down] = countBlocks(component, frame);
    return sum + 64 * across * down * (frame.progressive ? 3 : 1);
  }, 0);

/**
 * An empty plane.
 *
 * @param tableOf Gets the component's quantization table, when its first block is complete. Throws where
 * there is none.
 */
export function createPlane(component: Component, frame: Frame, tableOf: () => Uint16Array): Plane {
  const { h, v } = component, [across, down] = countBlocks(component, frame), stride = 8 * across;
  const width = Math.ceil(frame.width * h / frame.maxH);
  const height = Math.ceil(frame.height * v / frame.maxV);
  const samples = new Uint8ClampedArray(stride * 8 * down);
  const { progressive } = frame, block = new Int16Array(progressive ? samples.length : 64);
  let table: Uint16Array | undefined;
  const begin = (x: number, y: number) => progressive ? 64 * (y * across + x) : 0;
  const transform = (x: number, y: number) => {
    const quantization = table ??= tableOf();
    inverseDct(block, begin(x, y), quantization, samples, 8 * (y * stride + x), stride);
  };
  return {
    h,
    v,
    blocksAcross: Math.ceil(width / 8),
    blocksDown: Math.ceil(height / 8),
    width,
    height,
    stride,
    samples,
    block,
    begin,
    end: progressive ? () => void (table ??= tableOf()) : transform,
    finish() {
      if (!progressive) return;
      for (let y = 0; y < down; y++) for (let x = 0; x < across; x++) transform(x, y);
    },
  };
}
