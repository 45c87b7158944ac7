/**
 * Data sets in IDX files: MNIST and its kin.
 *
 * @module
 */
import {
  type ClassList,
  isClassList,
  isMapping,
  parseClassList,
  parseMapping,
} from "./class_list.ts";
import { type Dataset, type Split, SPLITS } from "../dataset.ts";
import { DataError, type NamedBytes } from "../files/data_file.ts";
import { parseIdxImages, parseIdxLabels, readIdxLabels } from "../formats/idx.ts";
import { type IdxGroup, idxGroup, idxGroups } from "./idx_files.ts";
import { IDX_SETS, type IdxName, type IdxSet } from "./idx_sets.ts";
import { findUnsupported } from "../files/unsupported.ts";
import { baseName, filesIn, type Listed, parentFolder } from "../files/listing.ts";

/** Which part of which data set is loaded. */
export interface IdxOptions {
  /** Which of its images. */
  readonly split: Split;
  /** Which data set; the one that is there, and MNIST before others, if left out. */
  readonly set?: IdxName | "idx" | undefined;
}

/** A data set, and which one it is: `idx` for files of one's own. */
export interface LoadedIdx {
  readonly set: IdxName | "idx";
  readonly dataset: Dataset;
}

/** The list of classes beside a group's files, if there is one: EMNIST's mapping, or a text of names. */
async function readClassList(
  files: readonly Listed[],
  group: IdxGroup,
): Promise<ClassList | undefined> {
  const beside = files.filter((file) => parentFolder(file) === group.folder);
  const prefix = group.prefix.toLowerCase();
  const mapping = beside.find((file) => {
    const name = baseName(file).toLowerCase();
    return isMapping(name) && (prefix === "" ? /^mapping/.test(name) : name.startsWith(prefix));
  });
  if (mapping) return parseMapping(await mapping.read());
  const list = beside.find((file) => isClassList(baseName(file)));
  return list && parseClassList(await list.read());
}

/** The labels of both splits. */
async function readAllLabels({ files }: IdxGroup): Promise<Int32Array> {
  const all = await Promise.all(
    SPLITS.map((split) => files[`${split} labels`]).filter((file) => file !== undefined)
      .map(async (file) => readIdxLabels(await file.read())),
  );
  return Int32Array.from(all.flatMap((labels) => [...labels]));
}

/** The most classes that are taken for digits. */
const DIGITS = 10;

/**
 * The classes of files that do not say what they are of: digits if labels are below 10; else so many as
 * there are labels, from 0 or 1 on, each of which must occur.
 */
async function inferClasses(group: IdxGroup): Promise<IdxSet & { readonly own: boolean }> {
  const labels = await readAllLabels(group), occur = new Set(labels);
  const last = labels.reduce((most, label) => Math.max(most, label), 0);
  if (last < DIGITS) return { ...IDX_SETS.mnist, own: false };
  const first = occur.has(0) ? 0 : 1, count = last - first + 1;
  const missing = Array.from({ length: count }, (_, i) => first + i).find((label) =>
    !occur.has(label)
  );
  if (missing === undefined) {
    const classes = Array.from({ length: count }, (_, i) => `class ${first + i}`);
    return { title: "IDX", classes, first, own: true };
  }
  const { file } = (group.files["train labels"] ?? group.files["test labels"])!;
  throw new DataError(
    `${file}: expected labels from 0 to 9, or every label up to the last, found ${last} and no ` +
      `${missing}; a file classes.txt beside it with a name on each line says how many there are`,
  );
}

/** The set that the files are of, and its classes: by name, by a list beside them, or by their labels. */
async function describeSet(
  files: readonly Listed[],
  group: IdxGroup,
  wanted: IdxOptions["set"],
): Promise<IdxSet & { readonly set: IdxName | "idx"; readonly named: boolean }> {
  const name = wanted ?? group.set, list = await readClassList(files, group);
  if (name === "emnist") {
    throw new DataError(
      `${
        group.files["train images"]?.file ?? group.folder
      }: expected to be told which part of EMNIST it ` +
        "is, as its name does not say it: name one of emnist-balanced, emnist-byclass, emnist-bymerge, " +
        "emnist-digits, emnist-letters, emnist-mnist",
    );
  }
  if (name !== undefined && name !== "idx") {
    const known: IdxSet = IDX_SETS[name];
    const own = list ? { classes: list.names, first: list.first } : {};
    return { ...known, ...own, set: name, named: name !== "mnist" || list !== undefined };
  }
  if (list) {
    return { title: "IDX", classes: list.names, first: list.first, set: "idx", named: true };
  }
  const { own, ...classes } = await inferClasses(group);
  return { ...classes, set: own || wanted === "idx" ? "idx" : "mnist", named: own };
}

/** Images stored column-major, as row-major ones. */
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
  const named = (what: "images" | "labels") => {
    const found = group?.files[`${split} ${what}`];
    if (found) return found.read();
    const own = split === "train" ? "train" : group?.set?.startsWith("emnist") ? "test" : "t10k";
    const prefix = group ? group.folder + (group.prefix && `${group.prefix}-`) : "";
    const file = `${prefix}${own}-${what}-idx${what === "images" ? 3 : 1}-ubyte`;
    const instead = group ? "none" : findUnsupported(files);
    throw new DataError(`${place}/${file}: expected a file, found ${instead}`);
  };
  return await Promise.all([named("images"), named("labels")]);
}

/**
 * Loads a split of a data set in IDX files from a folder, from one below it, or from an archive. Rejects
 * with a {@linkcode DataError} that names the file on a missing or malformed one.
 */
export async function loadIdx(
  place: string,
  { split, set: wanted }: IdxOptions,
): Promise<LoadedIdx> {
  const files = await filesIn(place), group = idxGroup(idxGroups(files, place), place, wanted);
  const [imageFile, labelFile] = await readFiles(group, files, place, split);
  const known = await describeSet(files, group!, wanted);
  const { images, count, height, width } = parseIdxImages(imageFile);
  const labels = parseIdxLabels(labelFile, known.classes.length, known.first);
  if (labels.length !== count) {
    throw new DataError(
      `${labelFile.file}: expected ${count} labels for the images of ${imageFile.file}, ` +
        `found ${labels.length}`,
    );
  }
  const dataset: Dataset = {
    name: `${known.title} ${split}`,
    images: known.transposed ? transpose(images, height, width) : images,
    labels,
    count,
    height,
    width,
    channels: 1,
    classes: known.classes.length,
    ...(known.named ? { classNames: known.classes } : {}),
  };
  return { set: known.set, dataset };
}
