/**
 * Pictures in class folders: which there are, in which split and class.
 *
 * @module
 */
import { DataError, type Split } from "../../../src/data/mod.ts";
import { foldKeyData, keyData, permutation } from "../../../src/threefry.ts";

/** A picture's file and its class. */
export interface LabeledFile {
  readonly path: string;
  readonly label: number;
}

/** The pictures of a folder, by split, in a random order that is always the same. */
export interface ClassFolders {
  /** The class names, sorted: those of the folders. */
  readonly classNames: readonly string[];
  readonly splits: Readonly<Record<Split, readonly LabeledFile[]>>;
}

/** Names of files that are taken for pictures. */
const PICTURE = /\.(png|jpe?g)$/i;

/** The names that a folder of test pictures may have. */
const TEST_NAMES = ["test", "val", "validation"];

/** One picture in so many is a test picture where the folder does not say which are. */
const TEST_SHARE = 5;

/** Decides the order of pictures, and which are test pictures. */
const KEY = keyData(0);

/** The folders and files in a folder by name, sorted, without hidden ones; nothing if it cannot be read. */
async function readFolder(path: string) {
  const folders: string[] = [], files: string[] = [];
  try {
    for await (const { name } of Deno.readDir(path)) {
      if (name.startsWith(".")) continue;
      const found = await Deno.stat(`${path}/${name}`).catch(() => undefined);
      if (found?.isDirectory) folders.push(name);
      else if (found?.isFile) files.push(name);
    }
  } catch {
    return { folders: [], files: [] };
  }
  return { folders: folders.sort(), files: files.sort() };
}

/** The pictures in a folder and its subfolders. */
async function picturesIn(path: string): Promise<string[]> {
  const { folders, files } = await readFolder(path);
  const inner = await Promise.all(folders.map((name) => picturesIn(`${path}/${name}`)));
  return [
    ...files.filter((name) => PICTURE.test(name)).map((name) => `${path}/${name}`),
    ...inner.flat(),
  ];
}

/** The pictures of each class folder in a folder; folders without any are no classes. */
async function readClasses(path: string): Promise<Map<string, string[]>> {
  const { folders } = await readFolder(path);
  const found = await Promise.all(
    folders.map(async (name) => [name, await picturesIn(`${path}/${name}`)] as const),
  );
  return new Map(found.filter(([, pictures]) => pictures.length > 0));
}

const labeled = (classes: ReadonlyMap<string, readonly string[]>, names: readonly string[]) =>
  [...classes].flatMap(([name, paths]) =>
    paths.map((path): LabeledFile => ({ path, label: names.indexOf(name) }))
  );

/** Items in an order drawn from a number. */
const shuffled = <T>(items: readonly T[], draw: number): T[] =>
  Array.from(permutation(items.length, foldKeyData(KEY, draw)), (at) => items[at]!);

/** A part of each class's pictures for testing, the others for training. */
function splitClasses(
  place: string,
  classes: ReadonlyMap<string, readonly string[]>,
  names: readonly string[],
) {
  const splits = { train: [] as LabeledFile[], test: [] as LabeledFile[] };
  for (const [label, name] of names.entries()) {
    const paths = shuffled(classes.get(name)!, 2 + label);
    const tested = Math.max(1, Math.round(paths.length / TEST_SHARE));
    if (paths.length === 1) {
      throw new DataError(
        `${place}/${name}: expected at least two pictures, one to train on and one to test on, found ${
          paths[0]
        }`,
      );
    }
    paths.forEach((path, i) => splits[i < tested ? "test" : "train"].push({ path, label }));
  }
  return splits;
}

function checkClasses(place: string, names: readonly string[]): void {
  if (names.length > 1) return;
  throw new DataError(
    `${place}: expected at least two class folders with PNG or JPEG pictures, found ${
      names.length === 1 ? `only ${names[0]}` : "none"
    }`,
  );
}

/** Throws on test pictures of a class that has no training pictures. */
function checkKnown(place: string, names: readonly string[], tested: Iterable<string>): void {
  const unknown = [...tested].find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new DataError(
    `${place}/${unknown}: expected a class that has training pictures, one of ${
      names.join(", ")
    }, found ${unknown}`,
  );
}

/** The folder of test pictures, where the training pictures have one of their own; undefined for none. */
async function testFolder(place: string): Promise<string | undefined> {
  const { folders } = await readFolder(place);
  return folders.includes("train") ? TEST_NAMES.find((name) => folders.includes(name)) : undefined;
}

/** Whether a folder holds pictures in class folders. */
export async function holdsPictures(place: string): Promise<boolean> {
  const base = await testFolder(place) ? `${place}/train` : place;
  return (await readClasses(base)).size > 0;
}

/**
 * The pictures of a folder: of its folders `train` and `test` (or `val`), else of its class folders, one in
 * five of each class then being test pictures. Throws a DataError where there are no pictures, fewer than two
 * classes, or test pictures of a class without training pictures.
 */
export async function readClassFolders(place: string): Promise<ClassFolders> {
  const tested = await testFolder(place), base = tested ? `${place}/train` : place;
  const classes = await readClasses(base), classNames = [...classes.keys()];
  checkClasses(base, classNames);
  let splits: Readonly<Record<Split, LabeledFile[]>>;
  if (tested) {
    const found = await readClasses(`${place}/${tested}`);
    checkKnown(`${place}/${tested}`, classNames, found.keys());
    if (found.size === 0) {
      throw new DataError(`${place}/${tested}: expected pictures in class folders, found none`);
    }
    splits = { train: labeled(classes, classNames), test: labeled(found, classNames) };
  } else splits = splitClasses(base, classes, classNames);
  return {
    classNames,
    splits: { train: shuffled(splits.train, 0), test: shuffled(splits.test, 1) },
  };
}
