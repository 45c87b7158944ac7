/**
 * Loads data sets in IDX files: MNIST and others in its format.
 *
 * @module
 */
import { closestString } from "../../closest_string.ts";
import { MNIST } from "../catalogue/mnist.ts";
import { OWN_IDX } from "../catalogue/own_idx.ts";
import type { Dataset, Split } from "../dataset.ts";
import type { Bound } from "../files/bound.ts";
import { DataError, type NamedBytes } from "../files/data_file.ts";
import { type Listed, listFiles } from "../files/listing.ts";
import { type Place, placeName } from "../files/place.ts";
import { findUnsupported } from "../files/unsupported.ts";
import {
  idxCount,
  idxImagesSize,
  idxLabelsSize,
  parseIdxImages,
  parseIdxLabels,
} from "../formats/idx.ts";
import { describeFiles } from "./idx_classes.ts";
import { findIdxFiles, groupIdxFiles, type IdxGroup } from "./idx_files.ts";
import { familySets, findIdxSet, IDX_NAMES, type IdxName } from "./idx_sets.ts";

/** Which split of which data set to load. */
export interface IdxOptions {
  /** The split. */
  readonly split: Split;
  /**
   * The data set's name in `docs/data.md`, such as `emnist-letters`, or `idx` for user-supplied files; if
   * left out the one that is there, preferably MNIST.
   */
  readonly set?: string | undefined;
}

/** A data set and its name; `idx` for user-supplied files. */
export interface LoadedIdx {
  readonly set: IdxName | "idx";
  readonly dataset: Dataset;
}

/** Throws a RangeError if no data set in IDX files has this name. */
function checkSet(set: IdxOptions["set"]): void {
  const names = [...IDX_NAMES, OWN_IDX.name];
  if (set === undefined || names.some((name) => name === set)) return;
  const near = closestString(set, names);
  throw new RangeError(
    `loadMnist: set: expected one of ${names.join(", ")}, found ${set}` +
      (near ? `; did you mean ${near}?` : ""),
  );
}

/** Transposes images stored column-major to row-major. */
function transpose(images: Uint8Array, height: number, width: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(images.length), size = height * width;
  for (let image = 0; image < images.length; image += size) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) out[image + y * width + x] = images[image + x * height + y]!;
    }
  }
  return out;
}

async function readFiles(
  group: IdxGroup | undefined,
  files: readonly Listed[],
  place: string,
  split: Split,
): Promise<[images: NamedBytes, labels: NamedBytes]> {
  const named = (what: "images" | "labels", bound: Bound) => {
    const found = group?.files[`${split} ${what}`];
    if (found) return found.read(bound);
    const [like = MNIST] = [findIdxSet(group?.set), ...familySets(group?.set)].filter((set) =>
      !!set
    );
    const own = split === "train" ? "train" : like.testName;
    const prefix = group ? group.folder + (group.prefix && `${group.prefix}-`) : "";
    const file = `${prefix}${own}-${what}-idx${what === "images" ? 3 : 1}-ubyte`;
    const instead = group ? "none" : findUnsupported(files);
    throw new DataError(`${place}/${file}: expected a file, found ${instead}`);
  };
  const images = await named("images", idxImagesSize);
  return [images, await named("labels", idxLabelsSize(idxCount(images), images.file))];
}

/**
 * Loads a split of a data set in IDX files from a folder, a subfolder, an archive, or given files.
 * Rejects with a {@linkcode DataError} that names the file if one is missing or malformed, and with a
 * RangeError on an unknown `set`.
 */
export async function loadIdx(
  from: Place,
  { split, set: wanted }: IdxOptions,
): Promise<LoadedIdx> {
  checkSet(wanted);
  const files = await listFiles(from), place = placeName(from);
  const group = findIdxFiles(groupIdxFiles(files, place), place, wanted);
  const [imageFile, labelFile] = await readFiles(group, files, place, split);
  const reading = await describeFiles(files, group!, wanted), { classNames } = reading;
  const { images, count, height, width } = parseIdxImages(imageFile);
  const labels = parseIdxLabels(labelFile, classNames.length, reading.firstLabel);
  const dataset: Dataset = {
    name: `${reading.title} ${split}`,
    images: reading.transposed ? transpose(images, height, width) : images,
    labels,
    count,
    height,
    width,
    channels: 1,
    classes: classNames.length,
    classNames,
  };
  return { set: reading.set, dataset };
}
