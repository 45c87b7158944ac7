/**
 * Finds the IDX files of one data set in a folder or an archive.
 *
 * @module
 */
import { type Split, SPLITS } from "../dataset.ts";
import { DataError } from "../files/data_file.ts";
import { MNIST } from "../catalogue/mnist.ts";
import { familySets, findIdxSet, IDX_NAMES, recognizeSet } from "./idx_sets.ts";
import { fileName, type Listed, parentFolder } from "../files/listing.ts";

/** The files of one data set: images and labels of each split, as far as they exist. */
export interface IdxGroup {
  /** The set or family of sets that file or folder names identify; undefined if they identify none. */
  readonly set?: string | undefined;
  /** The folder of the files. */
  readonly folder: string;
  /** The prefix of their names, before the split. */
  readonly prefix: string;
  readonly files: Readonly<Partial<Record<`${Split} ${"images" | "labels"}`, Listed>>>;
}

/** `train-images-idx3-ubyte.gz`, `t10k-labels.idx1-ubyte`, `emnist-letters-test-images-idx3-ubyte`, …. */
const NAME =
  /^(?<prefix>.*?)[-_. ]?(?<![a-z])(?<split>train|t10k|test)[-_. ]?(?<what>images|imgs|labels)(?:[-_. ]?idx\d?)?(?:[-_. ]?u?(?:byte|int|short|float|double))?(?:\.np[yz])?(?:\.gz|\.zip)?$/i;

const PACKED = /\.(gz|zip|npz)$/i;

/** The names that may identify a file's set, the nearest to it first. */
function* namesAround({ path }: Listed, prefix: string, place: string): Generator<string> {
  yield prefix;
  yield* path.split("/").slice(0, -1).reverse();
  yield* place.replace(/\.(tar|gz|tgz|zip)\b/gi, "").split(/[/\\]/).filter(Boolean).reverse()
    .slice(0, 2);
}

/**
 * The set of a file: what the nearest name identifies; if that is a family, the set of it that any name
 * identifies.
 */
function identifySet(file: Listed, prefix: string, place: string): IdxGroup["set"] {
  const sets = [...namesAround(file, prefix, place)].map(recognizeSet).filter((set) =>
    set !== undefined
  );
  const [nearest] = sets, family = familySets(nearest);
  return sets.find((set) => family.some(({ name }) => name === set)) ?? nearest;
}

/** Groups files into data sets, those of upper folders first. */
export function groupIdxFiles(files: readonly Listed[], place: string): IdxGroup[] {
  const groups = new Map<string, IdxGroup & { readonly files: Record<string, Listed> }>();
  for (const file of files) {
    const found = NAME.exec(fileName(file))?.groups;
    if (!found) continue;
    const { prefix = "", split = "", what = "" } = found, at = parentFolder(file);
    // Some archives put each file into a folder of its name; it then belongs to the folder above.
    const folder = NAME.test(at.split("/").at(-2) ?? "") ? at.replace(/[^/]+\/$/, "") : at;
    const key = `${folder}\0${prefix.toLowerCase()}`;
    const group = groups.get(key) ??
      { set: identifySet(file, prefix, place), folder, prefix, files: {} };
    groups.set(key, group);
    const kind = `${/train/i.test(split) ? "train" : "test"} ${
      /labels/i.test(what) ? "labels" : "images"
    }`;
    const before = group.files[kind];
    // If a file exists compressed and uncompressed, use the uncompressed one.
    if (!before || PACKED.test(before.path) && !PACKED.test(file.path)) {
      group.files[kind] = file;
    }
  }
  return [...groups.values()];
}

const groupTitle = ({ set, folder, prefix }: IdxGroup): string =>
  findIdxSet(set)?.title ?? (folder + prefix || "files without a name");

/** Chooses one of several sets. Throws a {@linkcode DataError} if that is ambiguous. */
function chooseGroup(groups: readonly IdxGroup[], place: string): IdxGroup | undefined {
  const complete = groups.filter(({ files }) => SPLITS.some((split) => files[`${split} images`]));
  const [only, ...others] = complete.length > 0 ? complete : groups;
  const sets = new Set([only, ...others].map((group) => group?.set));
  // Groups of the same name at different depths are copies: use the upper one.
  if (
    others.length === 0 || (sets.size === 1 && findIdxSet(only?.set))
  ) {
    return only;
  }
  const plain = complete.find(({ set }) => set === MNIST.name) ?? complete.find(({ set }) => !set);
  if (plain) return plain;
  const names = IDX_NAMES.filter((name) => sets.has(name));
  throw new DataError(
    `${place}: expected one data set, found ${complete.map(groupTitle).join(", ")}; ` +
      `name one of them: ${names.join(", ")}`,
  );
}

/** Adds missing splits to a group, if another folder has them under the same names. */
function completeGroup(group: IdxGroup, groups: readonly IdxGroup[]): IdxGroup {
  const alike = groups.filter(({ set, prefix }) => set === group.set && prefix === group.prefix);
  const files = SPLITS.map((split) => {
    const parts = [`${split} images`, `${split} labels`] as const;
    const from = [group, ...alike].find((each) => parts.some((part) => each.files[part])) ?? group;
    return Object.fromEntries(
      parts.filter((part) => from.files[part]).map((p) => [p, from.files[p]]),
    );
  });
  return { ...group, files: Object.assign({}, ...files) };
}

function findWanted(
  groups: readonly IdxGroup[],
  place: string,
  wanted: string,
): IdxGroup | undefined {
  const own = groups.filter(({ set }) => set === wanted);
  if (own.length > 0) return own[0];
  const known = findIdxSet(wanted);
  const open = groups.filter(({ set }) =>
    set === undefined || !known || familySets(set).some(({ name }) => name === wanted)
  );
  if (open.length > 0 || groups.length === 0) return open[0];
  const title = known?.title ?? "files";
  throw new DataError(
    `${place}: expected ${title}, found ${
      groupTitle(groups[0]!)
    }, by the name of its files or folder`,
  );
}

/**
 * The files of a data set; undefined if there are none. Throws a {@linkcode DataError} if there are several
 * sets and the choice is ambiguous, or if only another set is there.
 *
 * @param wanted The name of the set; if left out any, preferably MNIST.
 */
export function findIdxFiles(
  groups: readonly IdxGroup[],
  place: string,
  wanted?: string,
): IdxGroup | undefined {
  const group = wanted === undefined
    ? chooseGroup(groups, place)
    : findWanted(groups, place, wanted);
  return group && completeGroup(group, groups);
}
