/**
 * The file of a whitening transform, which lies beside the weights of the net that was trained with it.
 *
 * @module
 */
import type { Dataset, Whitening } from "../../src/data/mod.ts";
import { sha256 } from "../../src/data/fingerprint.ts";
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from "../../src/train/mod.ts";
import { TaskError } from "../cli/command.ts";
import { readBytes } from "../schema/read_file.ts";

/** A transform, and the file that holds it. */
export interface WhiteningFile {
  readonly by: Whitening;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The SHA-256 of the bytes, by which weights name their transform. */
  readonly sha256: string;
}

/** The file of a transform of images of a size: `mean`, [height, width, channels], and `matrix`, [pixels, pixels]. */
export async function encodeWhitening(
  by: Whitening,
  { height, width, channels }: Pick<Dataset, "height" | "width" | "channels">,
): Promise<WhiteningFile> {
  const pixels = by.mean.length;
  const bytes = encodeSafetensors(
    new Map([
      ["mean", { shape: [height, width, channels], data: by.mean }],
      ["matrix", { shape: [pixels, pixels], data: by.matrix }],
    ]),
    { whitening: "ZCA" },
  );
  return { by, bytes, sha256: await sha256(bytes) };
}

/** The transform in a file's bytes. Throws a SafetensorsError where it holds none. */
function decodeWhitening(bytes: Uint8Array<ArrayBuffer>): Whitening {
  const { tensors } = decodeSafetensors(bytes);
  const [mean, matrix] = ["mean", "matrix"].map((name) => tensors.get(name)?.data);
  if (
    mean instanceof Float32Array && matrix instanceof Float32Array &&
    matrix.length === mean.length ** 2
  ) {
    if ([mean, matrix].every((numbers) => numbers.every(Number.isFinite))) return { mean, matrix };
    throw new SafetensorsError("whitening: expected finite numbers, found others");
  }
  throw new SafetensorsError(
    `whitening: expected a mean image and its matrix in F32, found ${
      [...tensors.keys()].join(", ")
    }`,
  );
}

/** A transform from the bytes of its file. Throws a SafetensorsError where they hold none. */
export const openWhitening = async (bytes: Uint8Array<ArrayBuffer>): Promise<WhiteningFile> => ({
  by: decodeWhitening(bytes),
  bytes,
  sha256: await sha256(bytes),
});

/**
 * Reads a transform; undefined where there is no such file.
 *
 * @param expected The SHA-256 that its file must have, if known.
 * @throws TaskError on a damaged file, and on another one than expected.
 */
export async function readWhitening(
  path: string,
  expected?: string,
): Promise<WhiteningFile | undefined> {
  const bytes = await readBytes(path);
  if (!bytes) return undefined;
  const found = await sha256(bytes);
  if (expected !== undefined && found !== expected) {
    throw new TaskError(`${path}: expected the whitening of SHA-256 ${expected}, found ${found}`);
  }
  try {
    return { by: decodeWhitening(bytes), bytes, sha256: found };
  } catch (cause) {
    if (!(cause instanceof SafetensorsError)) throw cause;
    throw new TaskError(`${path}: ${cause.message}`, { cause });
  }
}
