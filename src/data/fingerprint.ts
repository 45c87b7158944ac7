/**
 * The fingerprint of a data set: a hash of its sizes, images and labels.
 *
 * @module
 */
import type { Dataset, Labels } from "./dataset.ts";

/**
 * Labels as bytes, whatever their array type: classes one byte each if all are below 256, else four,
 * little-endian; numbers as f32, little-endian.
 */
function labelBytes(labels: Labels): Uint8Array<ArrayBuffer> {
  if (labels instanceof Uint8Array) return labels;
  if (labels instanceof Float32Array) return floatBytes(labels);
  if (labels.every((label) => label >= 0 && label < 256)) return Uint8Array.from(labels);
  const bytes = new DataView(new ArrayBuffer(4 * labels.length));
  labels.forEach((label, i) => bytes.setUint32(4 * i, label, true));
  return new Uint8Array(bytes.buffer);
}

function floatBytes(numbers: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, i) => bytes.setFloat32(4 * i, number, true));
  return new Uint8Array(bytes.buffer);
}

/** The SHA-256 of bytes in hexadecimal. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * A SHA-256 in hexadecimal that identifies the data: of a line with the four sizes, the SHA-256 of the
 * images and the SHA-256 of the labels (one byte each if all are below 256, else four, little-endian;
 * numbers as f32). It depends on nothing else, so that equal data from different files has equal
 * fingerprints. In place of the images of a stream it has the stream's `id`.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const dataset = data.procedural({ split: "test", count: 20, size: 16 });
 * const first = data.subset(dataset, 10), again = data.procedural({ split: "test", count: 10, size: 16 });
 * console.assert(await data.fingerprint(first) === await data.fingerprint(again));
 * ```
 */
export async function fingerprint(dataset: Dataset): Promise<string> {
  const { count, height, width, channels, images, labels, stream } = dataset;
  const pixels = stream ? new TextEncoder().encode(stream.id) : images;
  const [ofImages, ofLabels] = await Promise.all([sha256(pixels), sha256(labelBytes(labels))]);
  const line = `${count} ${height} ${width} ${channels} ${ofImages} ${ofLabels}`;
  return sha256(new TextEncoder().encode(line));
}
