/**
 * Finds the IDX files of one data set among those of a folder or an archive.
 *
 * @module
 */
import { type Split, SPLITS } from "../dataset.ts";
import { DataError } from "../files/data_file.ts";
import { MNIST } from "../catalogue/mnist.ts";
import { familySets, findIdxSet, IDX_NAMES, recognizeSet } from "./idx_sets.ts";
import { baseName, type Listed, parentFolder } from "../files/listing.ts";

/** The files of one data set: images and labels of each split, as far as they are there. */
export interface IdxGroup {
  /** Which set or family of sets it is by its files' or folders' names; undefined where they do not say it. */
  readonly set?: string | undefined;
  /** The folder of the files. */
  readonly folder: string;
  /** What their names begin with, before the split. */
  readonly prefix: string;
  readonly files: Readonly<Partial<Record<`${Split} ${"images" | "labels"}`, Listed>>>;
}

/** `train-images-idx3-ubyte.gz`, `t10k-labels.idx1-ubyte`, `emnist-letters-test-images-idx3-ubyte`, …. */
const NAME =
  /^(?<prefix>.*?)[-_. ]?(?<![a-z])(?<split>train|t10k|test)[-_. ]?(?<what>images|imgs|labels)(?:[-_. ]?idx\d?)?(?:[-_. ]?u?(?:byte|int|short|float|double))?(?:\.np[yz])?(?:\.gz|\.zip)?$/i;

const PACKED = /\.(gz|zip|npz)$/i;

/** All names that may tell which set a file is of, the nearest to it first. */
function* namesAround({ path }: Listed, prefix: string, place: string): Generator<string> {
  yield prefix;
  yield* path.split("/").slice(0, -1).reverse();
  yield* place.replace(/\.(tar|gz|tgz|zip)\b/gi, "").split(/[/\\]/).filter(Boolean).reverse()
    .slice(0, 2);
}

/** Which set files are of: what the nearest name says; of a family, which of its sets, by any of them. */
function identifySet(file: Listed, prefix: string, place: string): IdxGroup["set"] {
  const sets = [...namesAround(file, prefix, place)].map(recognizeSet).filter((set) =>
    set !== undefined
  );
  const [nearest] = sets, family = familySets(nearest);
  return sets.find((set) => family.some(({ name }) => name === set)) ?? nearest;
}

/** All sets in IDX files that there are, those of the upper folders first. */
export function groupIdxFiles(files: readonly Listed[], place: string): IdxGroup[] {
  const groups = new Map<string, IdxGroup & { readonly files: Record<string, Listed> }>();
  for (const file of files) {
    const found = NAME.exec(baseName(file))?.groups;
    if (!found) continue;
    const { prefix = "", split = "", what = "" } = found, at = parentFolder(file);
    // A folder of a file's own, as some archives make it, stands for the file.
    const folder = NAME.test(at.split("/").at(-2) ?? "") ? at.replace(/[^/]+\/$/, "") : at;
    const key = `${folder}\0${prefix.toLowerCase()}`;
    const group = groups.get(key) ??
      { set: identifySet(file, prefix, place), folder, prefix, files: {} };
    groups.set(key, group);
    const kind = `${/train/i.test(split) ? "train" : "test"} ${
      /labels/i.test(what) ? "labels" : "images"
    }`;
    const before = group.files[kind];
    // Of a file plain and packed, the plain one.
    if (!before || PACKED.test(before.path) && !PACKED.test(file.path)) {
      group.files[kind] = file;
    }
  }
  return [...groups.values()];
}

const groupTitle = ({ set, folder, prefix }: IdxGroup): string =>
  findIdxSet(set)?.title ?? (folder + prefix || "files without a name");

/** Which of several sets is meant. Throws a {@linkcode DataError} where that is not clear. */
function chooseGroup(groups: readonly IdxGroup[], place: string): IdxGroup | undefined {
  const complete = groups.filter(({ files }) => SPLITS.some((split) => files[`${split} images`]));
  const [only, ...others] = complete.length > 0 ? complete : groups;
  const sets = new Set([only, ...others].map((group) => group?.set));
  // Equal names one below the other are copies: the upper one counts.
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

/** A group with the splits that it lacks, where another folder has them under the same names. */
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
 * The files of a data set; undefined if there are none. Throws a {@linkcode DataError} where there are
 * those of several and it is not clear which is meant, or where there are only those of another one.
 *
 * @param wanted Which one; any, and MNIST before others, if left out.
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
