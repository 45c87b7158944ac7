/**
 * Class names in the metadata of safetensors files: weights and checkpoints.
 *
 * @module
 */
import { openSafetensors } from "./header.ts";

/** The name of the metadata that holds them, a list of texts in JSON. */
export const CLASS_NAMES = "classNames";

/** The class names in metadata; undefined where there are none, or another text. */
export function parseClassNames(
  metadata: Readonly<Record<string, string>>,
): readonly string[] | undefined {
  try {
    const names = JSON.parse(metadata[CLASS_NAMES] ?? "null");
    return Array.isArray(names) && names.every((name) => typeof name === "string")
      ? names
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The names of the classes, or of the numbers, that a net predicts, by label, from the bytes of its weights
 * or of a checkpoint; undefined where the file does not have them. Throws a SafetensorsError on bytes of
 * another format.
 *
 * @example
 * ```ts
 * import { open, tensor, train } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const bytes = await train.saveParams(run, { w: tensor([1, 2]) }, { classNames: ["cat", "dog"] });
 * console.assert(train.loadClassNames(bytes)?.join() === "cat,dog");
 * ```
 */
export const loadClassNames = (bytes: Uint8Array<ArrayBuffer>): readonly string[] | undefined =>
  parseClassNames(openSafetensors(bytes).metadata);
