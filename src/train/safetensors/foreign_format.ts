/**
 * Recognizes files of other formats that are passed as safetensors.
 *
 * @module
 */

const TORCH =
  "safetensors.torch.save_file(torch.load(path, weights_only=True), new_path) in Python " +
  "converts a state_dict";

const KINDS: readonly (readonly [kind: string, first: string])[] = [
  [`a ZIP archive, such as torch.save writes; ${TORCH}`, "PK\x03\x04"],
  ...[2, 3, 4, 5].map((version) =>
    [
      `a Python pickle, such as torch.save writes; ${TORCH}`,
      `\x80${String.fromCharCode(version)}`,
    ] as const
  ),
  ["an HDF5 file, such as Keras writes", "\x89HDF\r\n"],
  ["a GGUF file", "GGUF"],
  ["a NumPy array", "\x93NUMPY"],
  ["a gzip archive; unpack it first", "\x1f\x8b\x08"],
  ["a Git LFS pointer; git lfs pull gets the file", "version https://git-lfs"],
  ["an HTML page", "<!DOCTYPE"],
  ["an HTML page", "<!doctype"],
  ["an HTML page", "<html"],
];

/** Whether bytes have a `{` where the header of a safetensors file starts. */
const hasHeader = (bytes: Uint8Array): boolean => bytes[8] === 0x7b;

/** The kind of a file of another format; undefined if it is not recognized. */
export function foreignKind(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return "an empty file";
  // A header's length may equal the magic number of another format.
  if (hasHeader(bytes)) return undefined;
  const start = String.fromCharCode(...bytes.subarray(0, 24));
  return KINDS.find(([, first]) => start.startsWith(first))?.[0];
}

/** Whether a file was written by torch.save. */
export const isTorchFile = (bytes: Uint8Array): boolean =>
  foreignKind(bytes)?.includes("torch.save") ?? false;
