/**
 * Determines the classes of IDX files: from the catalogue, a class list beside the files, or their labels.
 *
 * @module
 */
import { MNIST } from "../catalogue/mnist.ts";
import { OWN_IDX } from "../catalogue/own_idx.ts";
import { SPLITS } from "../dataset.ts";
import { textSize } from "../files/bound.ts";
import { DataError } from "../files/data_file.ts";
import { fileName, type Listed, parentFolder } from "../files/listing.ts";
import { idxLabelsSize, readIdxLabels } from "../formats/idx.ts";
import {
  type ClassList,
  isClassList,
  isMapping,
  parseClassList,
  parseMapping,
} from "./class_list.ts";
import type { IdxGroup } from "./idx_files.ts";
import { familySets, findIdxSet, type IdxName } from "./idx_sets.ts";

/** The class list beside a group's files, if there is one: a mapping or a list of names. */
async function readClassList(
  files: readonly Listed[],
  group: IdxGroup,
): Promise<ClassList | undefined> {
  const beside = files.filter((file) => parentFolder(file) === group.folder);
  const prefix = group.prefix.toLowerCase();
  const mapping = beside.find((file) => {
    const name = fileName(file).toLowerCase();
    return isMapping(name) && (prefix === "" ? /^mapping/.test(name) : name.startsWith(prefix));
  });
  if (mapping) return parseMapping(await mapping.read(textSize));
  const list = beside.find((file) => isClassList(fileName(file)));
  return list && parseClassList(await list.read(textSize));
}

/** The labels of both splits. */
async function readAllLabels({ files }: IdxGroup): Promise<Int32Array> {
  const all = await Promise.all(
    SPLITS.map((split) => files[`${split} labels`]).filter((file) => file !== undefined)
      .map(async (file) => readIdxLabels(await file.read(idxLabelsSize()))),
  );
  const joined = new Int32Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const labels of all) {
    joined.set(labels, at);
    at += labels.length;
  }
  return joined;
}

/** How to read the files of a data set. */
export interface IdxDescription {
  readonly title: string;
  /** The class names, by label. */
  readonly classNames: readonly string[];
  /** The label of the first class; 0 if left out. */
  readonly firstLabel?: number;
  /** Whether images are stored column-major. */
  readonly transposed?: boolean;
}

/**
 * Infers the classes of unidentified files: digits if labels are below 10, else one for each label from 0
 * or 1 on, all of which must occur.
 */
async function inferClasses(group: IdxGroup): Promise<IdxDescription & { readonly own: boolean }> {
  const labels = await readAllLabels(group), occur = new Set(labels);
  const last = labels.reduce((most, label) => Math.max(most, label), 0);
  if (last < MNIST.classNames.length) return { ...MNIST, own: false };
  const first = occur.has(0) ? 0 : 1, count = last - first + 1;
  let missing = first;
  while (occur.has(missing)) missing++;
  if (missing > last) {
    const classNames = Array.from({ length: count }, (_, i) => `class ${first + i}`);
    return { title: "IDX", classNames, firstLabel: first, own: true };
  }
  const { file } = (group.files["train labels"] ?? group.files["test labels"])!;
  throw new DataError(
    `${file}: expected labels from 0 to 9, or every label up to the last, found ${last} and no ` +
      `${missing}; a file classes.txt beside it with a name on each line says how many there are`,
  );
}

/** Throws if file names identify only a family of sets, not which of its sets. */
function refuseFamily(name: string | undefined, { files, folder }: IdxGroup): void {
  const sets = familySets(name);
  if (sets.length === 0) return;
  throw new DataError(
    `${
      files["train images"]?.file ?? folder
    }: expected a file name that identifies the set of ${name}, found none; name one ` +
      `of ${sets.map(({ name }) => name).join(", ")}`,
  );
}

/**
 * Identifies the set of the files and its classes: by name, by a class list beside them, or by their
 * labels.
 */
export async function describeFiles(
  files: readonly Listed[],
  group: IdxGroup,
  wanted: string | undefined,
): Promise<IdxDescription & { readonly set: IdxName | "idx" }> {
  const name = wanted ?? group.set, list = await readClassList(files, group);
  refuseFamily(name, group);
  const known = findIdxSet(name),
    listed = list && { classNames: list.names, firstLabel: list.first };
  if (known) {
    return { ...known, ...listed, set: known.name };
  }
  if (listed) return { title: "IDX", ...listed, set: OWN_IDX.name };
  const { own, ...classes } = await inferClasses(group);
  const set = own || wanted === OWN_IDX.name ? OWN_IDX.name : MNIST.name;
  return { ...classes, set };
}
