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
import { MNIST } from "../catalogue/mnist.ts";
import { OWN_IDX } from "../catalogue/own_idx.ts";
import { closestString } from "../../closest_string.ts";
import { familySets, findIdxSet, IDX_NAMES, type IdxName } from "./idx_sets.ts";
import { findUnsupported } from "../files/unsupported.ts";
import { baseName, filesIn, type Listed, parentFolder } from "../files/listing.ts";

/** Which part of which data set is loaded. */
export interface IdxOptions {
  /** Which of its images. */
  readonly split: Split;
  /**
   * Which data set, by its name in `docs/data.md`, such as `emnist-letters`, or `idx` for files of one's own;
   * the one that is there, and MNIST before others, if left out.
   */
  readonly set?: string | undefined;
}

/** A data set, and which one it is: `idx` for files of one's own. */
export interface LoadedIdx {
  readonly set: IdxName | "idx";
  readonly dataset: Dataset;
}

/** Throws a RangeError where no data set in IDX files has such a name. */
function checkSet(set: IdxOptions["set"]): void {
  const names = [...IDX_NAMES, OWN_IDX.name];
  if (set === undefined || names.some((name) => name === set)) return;
  const near = closestString(set, names);
  throw new RangeError(
    `loadMnist: set: expected one of ${names.join(", ")}, found ${set}` +
      (near ? `; did you mean ${near}?` : ""),
  );
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

/** What the files of a data set are taken for. */
interface Reading {
  readonly title: string;
  /** What the classes are called, by label. */
  readonly classNames: readonly string[];
  /** The label of the first class; 0 if left out. */
  readonly firstLabel?: number;
  /** Whether images are stored column-major. */
  readonly transposed?: boolean;
}

/**
 * The classes of files that do not say what they are of: digits if labels are below 10; else so many as
 * there are labels, from 0 or 1 on, each of which must occur.
 */
async function inferClasses(group: IdxGroup): Promise<Reading & { readonly own: boolean }> {
  const labels = await readAllLabels(group), occur = new Set(labels);
  const last = labels.reduce((most, label) => Math.max(most, label), 0);
  if (last < MNIST.classNames.length) return { ...MNIST, own: false };
  const first = occur.has(0) ? 0 : 1, count = last - first + 1;
  const missing = Array.from({ length: count }, (_, i) => first + i).find((label) =>
    !occur.has(label)
  );
  if (missing === undefined) {
    const classNames = Array.from({ length: count }, (_, i) => `class ${first + i}`);
    return { title: "IDX", classNames, firstLabel: first, own: true };
  }
  const { file } = (group.files["train labels"] ?? group.files["test labels"])!;
  throw new DataError(
    `${file}: expected labels from 0 to 9, or every label up to the last, found ${last} and no ` +
      `${missing}; a file classes.txt beside it with a name on each line says how many there are`,
  );
}

/** Throws where files are of a family, and their names do not say of which of its sets. */
function refuseFamily(name: string | undefined, { files, folder }: IdxGroup): void {
  const sets = familySets(name);
  if (sets.length === 0) return;
  throw new DataError(
    `${
      files["train images"]?.file ?? folder
    }: expected to be told which part of ${name} it is, as its ` +
      `name does not say it: name one of ${sets.map(({ name }) => name).join(", ")}`,
  );
}

/** The set that the files are of, and its classes: by name, by a list beside them, or by their labels. */
async function describeSet(
  files: readonly Listed[],
  group: IdxGroup,
  wanted: IdxOptions["set"],
): Promise<Reading & { readonly set: IdxName | "idx"; readonly named: boolean }> {
  const name = wanted ?? group.set, list = await readClassList(files, group);
  refuseFamily(name, group);
  const known = findIdxSet(name),
    listed = list && { classNames: list.names, firstLabel: list.first };
  if (known) {
    return { ...known, ...listed, set: known.name, named: known.name !== MNIST.name || !!list };
  }
  if (listed) return { title: "IDX", ...listed, set: OWN_IDX.name, named: true };
  const { own, ...classes } = await inferClasses(group);
  const set = own || wanted === OWN_IDX.name ? OWN_IDX.name : MNIST.name;
  return { ...classes, set, named: own };
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
    const [like = MNIST] = [findIdxSet(group?.set), ...familySets(group?.set)].filter((set) =>
      !!set
    );
    const own = split === "train" ? "train" : like.testName;
    const prefix = group ? group.folder + (group.prefix && `${group.prefix}-`) : "";
    const file = `${prefix}${own}-${what}-idx${what === "images" ? 3 : 1}-ubyte`;
    const instead = group ? "none" : findUnsupported(files);
    throw new DataError(`${place}/${file}: expected a file, found ${instead}`);
  };
  return await Promise.all([named("images"), named("labels")]);
}

/**
 * Loads a split of a data set in IDX files from a folder, from one below it, or from an archive. Rejects
 * with a {@linkcode DataError} that names the file on a missing or malformed one, and with a RangeError on
 * a `set` that there is not.
 */
export async function loadIdx(
  place: string,
  { split, set: wanted }: IdxOptions,
): Promise<LoadedIdx> {
  checkSet(wanted);
  const files = await filesIn(place), group = idxGroup(idxGroups(files, place), place, wanted);
  const [imageFile, labelFile] = await readFiles(group, files, place, split);
  const reading = await describeSet(files, group!, wanted), { classNames } = reading;
  const { images, count, height, width } = parseIdxImages(imageFile);
  const labels = parseIdxLabels(labelFile, classNames.length, reading.firstLabel);
  if (labels.length !== count) {
    throw new DataError(
      `${labelFile.file}: expected ${count} labels for the images of ${imageFile.file}, ` +
        `found ${labels.length}`,
    );
  }
  const dataset: Dataset = {
    name: `${reading.title} ${split}`,
    images: reading.transposed ? transpose(images, height, width) : images,
    labels,
    count,
    height,
    width,
    channels: 1,
    classes: classNames.length,
    ...(reading.named ? { classNames } : {}),
  };
  return { set: reading.set, dataset };
}
