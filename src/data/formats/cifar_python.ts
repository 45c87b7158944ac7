/**
 * Converts the Python version of CIFAR-10 and CIFAR-100 to records of the binary version.
 *
 * @module
 */
import { counted } from "../../counted.ts";
import { DataError, type NamedBytes } from "../files/data_file.ts";
import { isPickle, parsePickle, type Pickled, PickledArray } from "./pickle.ts";

/** Bytes of an image. */
const IMAGE = 3072;

/** The names of the label lists: one for CIFAR-10, two for CIFAR-100. */
const labelLists = (labelBytes: number) =>
  labelBytes === 1 ? ["labels"] : ["coarse_labels", "fine_labels"];

/** The label of image `i` in a list; undefined if it is not a byte. */
const labelAt = (list: Pickled | undefined, i: number): number | undefined => {
  const label = Array.isArray(list) ? list[i] : undefined;
  return typeof label === "number" && Number.isInteger(label) && label >= 0 && label < 256
    ? label
    : undefined;
};

/**
 * Converts a file of the Python version to records: label bytes, then an image. Other files are returned
 * unchanged. Throws a {@linkcode DataError} that names the file if a pickle does not hold images and their
 * labels.
 */
export function parsePythonCifar(source: NamedBytes, labelBytes: number): NamedBytes {
  const { file, bytes } = source;
  if (!isPickle(bytes)) return source;
  const fail = (found: string, cause?: unknown): never => {
    throw new DataError(`${file}: expected a pickle of CIFAR's images and labels, found ${found}`, {
      cause,
    });
  };
  let whole: Pickled;
  try {
    whole = parsePickle(bytes);
  } catch (cause) {
    return fail(`another: ${(cause as Error).message}`, cause);
  }
  const map = whole instanceof Map ? whole : fail("no dictionary");
  const data = map.get("data");
  if (!(data instanceof PickledArray) || data.type !== "u1" || data.shape[1] !== IMAGE) {
    return fail("no array of bytes, 3072 an image");
  }
  const count = data.shape[0]!, record = labelBytes + IMAGE;
  if (!Number.isInteger(count) || data.bytes.length !== count * IMAGE) {
    fail(`${counted(data.bytes.length, "byte")} for ${counted(count, "image")}`);
  }
  const lists = labelLists(labelBytes).map((name) => map.get(name)),
    records = new Uint8Array(count * record);
  for (let i = 0; i < count; i++) {
    lists.forEach((list, at) => {
      records[i * record + at] = labelAt(list, i) ?? fail(`no label of image ${i}`);
    });
    records.set(data.bytes.subarray(i * IMAGE, (i + 1) * IMAGE), i * record + labelBytes);
  }
  return { file, bytes: records };
}
