/**
 * Which pictures there are, with what label, and in which split.
 *
 * @module
 */
import { DataError } from "../../../src/data/mod.ts";
import { byHash, splitClass, type SplitOptions } from "./split.ts";

/** A picture's file. */
export interface PictureFile {
  readonly path: string;
  /** Its path from the folder or table that lists it, by which it is put into a split. */
  readonly name: string;
}

/** A picture's file with its class, or with the numbers that belong to it. */
export interface LabeledFile extends PictureFile {
  readonly label: number;
  readonly numbers?: readonly number[] | undefined;
}

/** The names of splits. */
export const LISTED_SPLITS = ["train", "validation", "test"] as const;

/** The name of a split. */
export type ListedSplit = (typeof LISTED_SPLITS)[number];

/** Labeled pictures by split, each in a random order that is always the same. */
export interface Listing {
  /** The names of the classes, or of the numbers. */
  readonly classNames: readonly string[];
  readonly train: readonly LabeledFile[];
  /** None where there is no such split. */
  readonly validation: readonly LabeledFile[];
  readonly test: readonly LabeledFile[];
  /** Where the split comes from, in words. */
  readonly how: string;
}

/** Pictures by the names of their classes. */
export type Classes = ReadonlyMap<string, readonly PictureFile[]>;

/** Orders of splits, so that each is in another one. */
const ORDER = { train: 1, validation: 2, test: 3 } as const;

/** The names that splits have in folders and tables. */
const SYNONYMS: Readonly<Record<ListedSplit, readonly string[]>> = {
  train: ["train", "training"],
  validation: ["val", "valid", "validation", "dev"],
  test: ["test", "testing"],
};

/** The split that a name means; undefined where it means none. */
export const splitNamed = (name: string): ListedSplit | undefined =>
  LISTED_SPLITS.find((split) => SYNONYMS[split].includes(name.trim().toLowerCase()));

/** All names of splits, for messages. */
export const SPLIT_NAMES = LISTED_SPLITS.flatMap((split) => SYNONYMS[split]);

const labeled = (classes: Classes, names: readonly string[]): LabeledFile[] =>
  [...classes].flatMap(([name, files]) =>
    files.map((file) => ({ ...file, label: names.indexOf(name) }))
  );

function checkClasses(place: string, names: readonly string[], what: string): void {
  if (names.length > 1) return;
  throw new DataError(
    `${place}: expected at least two ${what}, found ${
      names.length === 1 ? `only ${names[0]}` : "none"
    }`,
  );
}

/** Throws on pictures of a class that has no training pictures. */
function checkKnown(
  place: string,
  split: string,
  names: readonly string[],
  held: Iterable<string>,
): void {
  const unknown = [...held].find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new DataError(
    `${place}: expected the ${split} pictures to be of classes that have training pictures, ` +
      `${names.join(", ")}, found ${unknown}`,
  );
}

/** A share in words. */
const shareText = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

/** How a part of the pictures is held out, in words. */
export const heldOutText = ({ share }: SplitOptions): string =>
  `${shareText(share)} of each class, by a hash of the names`;

/** Divides each class. Throws a DataError on a class of one picture. */
export function splitClasses(
  place: string,
  classes: Classes,
  options: SplitOptions,
): { readonly train: Classes; readonly test: Classes } {
  const train = new Map<string, PictureFile[]>(), test = new Map<string, PictureFile[]>();
  for (const [name, files] of classes) {
    if (files.length === 1) {
      throw new DataError(
        `${place}/${name}: expected at least two pictures, one to train on and one to test on, found ${
          files[0]!.path
        }`,
      );
    }
    const parts = splitClass(files, options);
    train.set(name, parts.train);
    test.set(name, parts.test);
  }
  return { train, test };
}

/** Pictures by split and class; a split that is left out is held out, or missing. */
export interface Found {
  readonly place: string;
  readonly classNames: readonly string[];
  /** What classes are, such as `class folders with pictures`. */
  readonly what: string;
  readonly splits: { readonly train: Classes } & { readonly [S in ListedSplit]?: Classes };
  readonly how: string;
}

/**
 * The listing of found pictures, a part of each class held out for testing where neither that nor a validation
 * set is given. Throws a DataError where there are fewer than two classes, or pictures of a class without
 * training pictures.
 */
export function listPictures(
  { place, classNames, what, splits, how }: Found,
  held: SplitOptions,
): Listing {
  checkClasses(place, classNames, what);
  for (const [split, classes] of Object.entries(splits)) {
    if (split !== "train") checkKnown(place, split, [...splits.train.keys()], classes.keys());
  }
  const given = splits.test ?? splits.validation;
  const parts = given ? splits : splitClasses(place, splits.train, held);
  const list = (split: ListedSplit) => {
    const classes = (parts as Found["splits"])[split];
    return classes ? byHash(labeled(classes, classNames), ORDER[split]) : [];
  };
  return {
    classNames,
    train: list("train"),
    validation: list("validation"),
    test: list("test"),
    how: given ? how : heldOutText(held),
  };
}
