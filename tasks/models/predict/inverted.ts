/**
 * Recognizes digits in black on white, which look inverted to a net that was trained on MNIST's.
 *
 * @module
 */
import { datasetRecord } from "../../datasets/registry.ts";
import { frameSize, type ModelSpec } from "../model.ts";

/** The byte above which a border is bright. */
const BRIGHT = 128;

/** The part of a border that is bright where an image is black on white. */
const PART = 0.75;

/** The bytes of an image's border. */
function border(bytes: Uint8Array, height: number, width: number): number[] {
  const at = (row: number, column: number) => bytes[row * width + column]!;
  const rows = Array.from({ length: height }, (_, row) => [at(row, 0), at(row, width - 1)]);
  const columns = Array.from(
    { length: width },
    (_, column) => [at(0, column), at(height - 1, column)],
  );
  return [...rows, ...columns].flat();
}

/** Whether a net was trained on gray images in white on black, as those of all sets in MNIST's format are. */
const takesWhiteOnBlack = ({ channels, dataset }: ModelSpec): boolean =>
  channels === 1 && datasetRecord(dataset).format === "idx";

/** Whether an image is in black on white, and its net was trained on white on black. */
export function looksInverted(model: ModelSpec, bytes: Uint8Array): boolean {
  if (!takesWhiteOnBlack(model)) return false;
  const { height, width } = frameSize(model), bytesAround = border(bytes, height, width);
  return bytesAround.filter((byte) => byte > BRIGHT).length > PART * bytesAround.length;
}
