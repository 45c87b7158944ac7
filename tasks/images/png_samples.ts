/**
 * The samples of a PNG's stored rows as numbers from 0 to 255, with an alpha channel where there is any.
 *
 * @module
 */
import type { Picture } from "./canvas.ts";
import { type Chunk, findChunk, type PngHeader } from "./png_chunks.ts";

/** Decodes rows. */
export interface Sampler {
  /** Channels of a decoded pixel. */
  readonly channels: Picture["channels"];
  /** Whether decoded values have fractions. */
  readonly fine: boolean;
  /** Decodes `count` pixels of a row; valid until the next call. */
  sample(row: Uint8Array, count: number): ArrayLike<number>;
}

/** Unpacks the samples of a row, of 1 to 16 bits each, into `into`. */
function unpack(row: Uint8Array, depth: number, into: Uint16Array, count: number): void {
  if (depth === 16) {
    for (let i = 0; i < count; i++) into[i] = row[2 * i]! << 8 | row[2 * i + 1]!;
    return;
  }
  const mask = 2 ** depth - 1, each = 8 / depth;
  for (let i = 0; i < count; i++) {
    into[i] = row[Math.floor(i / each)]! >> (8 - depth - i % each * depth) & mask;
  }
}

/** Red, green, blue and, where the palette has any, alpha of each entry. */
function readPalette({ depth }: PngHeader, chunks: readonly Chunk[]) {
  const colors = findChunk(chunks, "PLTE"), opacities = findChunk(chunks, "tRNS");
  if (!colors || colors.length === 0 || colors.length % 3 !== 0) {
    throw new Error("it has no palette, or a part of one");
  }
  if (colors.length > 3 * 2 ** depth) {
    throw new Error(`its palette has ${colors.length / 3} colors, which ${depth} bits cannot name`);
  }
  const entries = Array.from({ length: colors.length / 3 }, (_, i) => [
    ...colors.subarray(3 * i, 3 * i + 3),
    ...(opacities ? [opacities[i] ?? 255] : []),
  ]);
  return { entries, channels: opacities ? 4 : 3 } as const;
}

function paletteSampler(header: PngHeader, chunks: readonly Chunk[]): Sampler {
  const { width, depth } = header, { entries, channels } = readPalette(header, chunks);
  const indices = new Uint16Array(width), out = new Uint8Array(width * channels);
  return {
    channels,
    fine: false,
    sample(row, count) {
      unpack(row, depth, indices, count);
      for (let i = 0; i < count; i++) {
        const entry = entries[indices[i]!];
        if (!entry) throw new Error(`a pixel is of color ${indices[i]} of ${entries.length}`);
        out.set(entry, i * channels);
      }
      return out.subarray(0, count * channels);
    },
  };
}

/** The samples of the transparent color, if the file has one. */
function readTransparentColor(
  { color, stored }: PngHeader,
  chunks: readonly Chunk[],
): number[] | undefined {
  const body = findChunk(chunks, "tRNS");
  if (!body || !(color === "gray" || color === "rgb")) return undefined;
  if (body.length !== 2 * stored) {
    throw new Error(`its transparent color has ${body.length} bytes, and not ${2 * stored}`);
  }
  return Array.from({ length: stored }, (_, c) => body[2 * c]! << 8 | body[2 * c + 1]!);
}

/** Decodes samples directly, scaled to 255; the color `key` gets alpha 0, all others 255. */
function numberSampler({ width, depth, stored }: PngHeader, key: number[] | undefined): Sampler {
  const channels = stored + (key ? 1 : 0), fine = depth === 16, most = 2 ** depth - 1;
  const numbers = new Uint16Array(width * stored);
  const out = new (fine ? Float32Array : Uint8Array)(width * channels);
  return {
    channels: channels as Picture["channels"],
    fine,
    sample(row, count) {
      if (depth === 8 && !key) return row;
      unpack(row, depth, numbers, count * stored);
      for (let i = 0, from = 0, to = 0; i < count; i++) {
        let differs = false;
        for (let c = 0; c < stored; c++) {
          const number = numbers[from++]!;
          out[to++] = number * 255 / most;
          if (key && number !== key[c]) differs = true;
        }
        if (key) out[to++] = differs ? 255 : 0;
      }
      return out.subarray(0, count * channels);
    },
  };
}

/** The sampler of a PNG. Throws where its palette or its transparency is damaged. */
export const createSampler = (header: PngHeader, chunks: readonly Chunk[]): Sampler =>
  header.color === "palette"
    ? paletteSampler(header, chunks)
    : numberSampler(header, readTransparentColor(header, chunks));
