/**
 * What records of data sets in MNIST's form have in common.
 *
 * @module
 */
import type { Archive, Download, IdxSet, ImageShape } from "./record.ts";

/** The size of MNIST's images, and of those of its kin. */
const SHAPE: ImageShape = { height: 28, width: 28, channels: 1 };

/** What a record of such a set says itself. */
interface Own<Name extends string>
  extends Omit<IdxSet<Name>, "format" | "recipes" | "shape" | "source" | "testName"> {
  readonly testName?: IdxSet["testName"];
  /** Where the files come from. */
  readonly homepage: string;
  /** What stands before the usual names of its files. */
  readonly prefix?: string;
  /** Its files, where their names are others: images and labels to train on, then those to test on. */
  readonly files?: readonly string[];
}

/** The usual names of the four files. */
export function idxFiles(prefix: string, testName: string, labels = "idx1-ubyte"): string[] {
  return ["train", testName].flatMap((split) => [
    `${prefix}${split}-images-idx3-ubyte`,
    `${prefix}${split}-labels-${labels}`,
  ]);
}

/** The four files in words. */
export const fourFiles = ([a, b, c, d]: readonly string[]): string => `${a}, ${b}, ${c} and ${d}`;

/** The record of a data set in MNIST's form, trained by MNIST's recipe. */
export function idxSet<const Name extends string>(own: Own<Name>): IdxSet<Name> {
  const { homepage, prefix = "", files, ...facts } = own, { testName = "t10k" } = own;
  const source = files
    ? `${fourFiles(files)}, from ${homepage}`
    : `${fourFiles(idxFiles(prefix, testName))}, plain or gzipped, from ${homepage}`;
  return { ...facts, format: "idx", recipes: ["mnist"], shape: SHAPE, testName, source };
}

/** A download of gzipped files under MNIST's names. */
interface IdxDownload {
  /** Their folder in the cache. */
  readonly folder: string;
  /** The folders that have them, full addresses. */
  readonly mirrors: readonly string[];
  /** Their folder on a mirror of one's own, where MNIST's would be in their place. */
  readonly mirrorFolder?: string;
}

/** The archives of such a download: of each file the name up to its type, its bytes and its SHA-256. */
export function idxDownload(
  { folder, mirrors, mirrorFolder }: IdxDownload,
  sums: readonly (readonly [name: string, bytes: number, sha256: string])[],
): Download {
  const archives = sums.map(([name, bytes, sha256]): Archive => {
    const file = `${name}-ubyte.gz`, urls = mirrors.map((mirror) => mirror + file);
    const mirrorPath = mirrorFolder && `${mirrorFolder}/${file}`;
    return { file, bytes, sha256, urls, ...(mirrorPath ? { mirrorPath } : {}) };
  });
  return { folder, archives };
}
