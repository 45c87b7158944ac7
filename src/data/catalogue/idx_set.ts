/**
 * Builds the records of data sets in MNIST's IDX format.
 *
 * @module
 */
import type { Archive, Download, IdxSet, ImageShape } from "./record.ts";

/** The size of MNIST's images and of those of its drop-in replacements. */
const SHAPE: ImageShape = { height: 28, width: 28, channels: 1 };

/** The properties that each such record gives itself. */
interface Own<Name extends string>
  extends Omit<IdxSet<Name>, "format" | "recipes" | "shape" | "source" | "testName"> {
  readonly testName?: IdxSet["testName"];
  /** The page that the files come from. */
  readonly homepage: string;
  /** A prefix of the usual file names. */
  readonly prefix?: string;
  /** Its files if they have other names: training images and labels, then test images and labels. */
  readonly files?: readonly string[];
}

/** The usual names of the four files: training images and labels, test images and labels. */
export function idxFiles(prefix: string, testName: string, labels = "idx1-ubyte"): string[] {
  return ["train", testName].flatMap((split) => [
    `${prefix}${split}-images-idx3-ubyte`,
    `${prefix}${split}-labels-${labels}`,
  ]);
}

/** The four file names as text. */
export const fourFiles = ([a, b, c, d]: readonly string[]): string => `${a}, ${b}, ${c} and ${d}`;

/** The record of a data set in MNIST's format, trained by MNIST's recipe. */
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
  /** The URLs of the folders that serve them. */
  readonly mirrors: readonly string[];
  /** Their folder on a user's mirror, since their names are the same as those of MNIST's files. */
  readonly mirrorFolder?: string;
}

/**
 * The archives of such a download, from each file's name without its ending, its size in bytes and its
 * SHA-256.
 */
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
