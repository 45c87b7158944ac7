/**
 * Pictures in class folders: which there are, in which split and class.
 *
 * @module
 */
import { DataError } from "../../../src/data/mod.ts";
import { type Classes, type Found, type ListedSplit, splitNamed } from "./listing.ts";
import { picturesIn, readFolder } from "./picture_files.ts";

/** The pictures of each class folder in a folder; folders without any are no classes. */
async function readClasses(path: string, inside = ""): Promise<Classes> {
  const classes = new Map<string, { path: string; name: string }[]>();
  for (const name of (await readFolder(path)).folders) {
    const pictures = await picturesIn(`${path}/${name}`);
    if (pictures.length === 0) continue;
    classes.set(
      name,
      pictures.map((file) => ({
        path: `${path}/${name}/${file}`,
        name: `${inside}${name}/${file}`,
      })),
    );
  }
  return classes;
}

/** Whether a folder has pictures in folders, rather than pictures alone. */
async function holdsClasses(path: string): Promise<boolean> {
  for (const name of (await readFolder(path)).folders) {
    if ((await picturesIn(`${path}/${name}`)).length > 0) return true;
  }
  return false;
}

/**
 * The folders of splits, by the splits. There are none unless one holds class folders of training pictures: a
 * folder `train` of pictures may be a class beside `car`.
 */
async function splitFolders(place: string): Promise<Partial<Record<ListedSplit, string>>> {
  const found: Partial<Record<ListedSplit, string>> = {};
  for (const name of (await readFolder(place)).folders) {
    const split = splitNamed(name);
    if (split) found[split] ??= name;
  }
  return found.train !== undefined && await holdsClasses(`${place}/${found.train}`) ? found : {};
}

/** Whether a folder holds pictures in class folders, of splits or not. */
export async function holdsPictures(place: string): Promise<boolean> {
  const { train } = await splitFolders(place);
  return train !== undefined || await holdsClasses(place);
}

/** The error of a split's folder without class folders. */
const noClasses = (folder: string): DataError =>
  new DataError(`${folder}: expected pictures in class folders, found none`);

const WHAT = "class folders with pictures";

/** The pictures of a folder: of its folders of splits, else of its class folders. */
export async function findClassFolders(place: string): Promise<Found> {
  const folders = await splitFolders(place);
  if (folders.train === undefined) {
    const train = await readClasses(place);
    return { place, classNames: [...train.keys()], what: WHAT, splits: { train }, how: "" };
  }
  const splits: Partial<Record<ListedSplit, Classes>> = {};
  for (const [split, name] of Object.entries(folders)) {
    const classes = await readClasses(`${place}/${name}`, `${name}/`);
    if (split !== "train" && classes.size === 0) throw noClasses(`${place}/${name}`);
    splits[split as ListedSplit] = classes;
  }
  const train = splits.train!;
  return {
    place,
    classNames: [...train.keys()],
    what: WHAT,
    splits: { ...splits, train },
    how: `the folders ${Object.values(folders).join(", ")}`,
  };
}
